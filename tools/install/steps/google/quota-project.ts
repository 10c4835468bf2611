import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { GoogleError } from "../../../doctor/checks/google/rest.ts";
import type { Environment } from "../../../settings/values.ts";
import { stoppedByShell } from "../../shell.ts";
import { BlockedError, done, missing, type Step } from "../../step.ts";

/** What the quota's project has to permit, as gcloud says. Owners may. */
const PERMISSION = "serviceusage.services.use";
const FORBIDDEN = 403;
/** Names a file of credentials to Google's libraries. gcloud changes only its own. */
const KEY_FILE = "GOOGLE_APPLICATION_CREDENTIALS";

const credentials = z.object({
  type: z._default(z.string(), ""),
  quota_project_id: z.optional(z.string()),
});

/**
 * A person's calls have to count for some project's quota, and Google's libraries and Terraform read it from the
 * sign-in. A service account's calls count for its own project. Then the secrets that are stored can be read.
 */
export const quotaProject: Step = {
  name: "quota project",
  async check(installation) {
    const { context, projectId } = installation;
    const found = readCredentials(context.environment);
    const isSet =
      found && (found.type !== "authorized_user" || found.quota_project_id === projectId);
    if (!isSet && context.environment[KEY_FILE] && found) {
      const why = `the file that ${KEY_FILE} names is a person's sign-in for another project`;
      return stoppedByShell(why, [KEY_FILE], "your own sign-in");
    }
    if (!isSet) return missing(`your calls to Google will count against the quota of ${projectId}`);
    await installation.readSecrets();
    return done(found.quota_project_id ?? "the one of the service account");
  },
  async run({ context, projectId }) {
    const args = ["auth", "application-default", "set-quota-project", projectId];
    const { code, output } = await context.programs.run("gcloud", args);
    if (code === 0) return;
    // It does not know a new role everywhere, like the rest of Google.
    if (output.includes(PERMISSION)) throw new GoogleError(FORBIDDEN, "", lastLine(output));
    throw new BlockedError(`gcloud refuses: ${output.trim()}`, `Run: gcloud ${args.join(" ")}`);
  },
};

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1) ?? "";
}

/** https://cloud.google.com/docs/authentication/application-default-credentials#personal */
function readCredentials(environment: Environment): z.infer<typeof credentials> | undefined {
  const { HOME = "", APPDATA, CLOUDSDK_CONFIG, [KEY_FILE]: named } = environment;
  const folder =
    CLOUDSDK_CONFIG ?? (APPDATA ? join(APPDATA, "gcloud") : join(HOME, ".config/gcloud"));
  const path = named ?? join(folder, "application_default_credentials.json");
  try {
    return credentials.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}
