import type { Trigger } from "../../functions/function-row.ts";
import { functionNames, manifest } from "../../functions/manifest.ts";
import { forFunction } from "../../shared/runtime/config.ts";
import { answerTo } from "../checks/installation.ts";
import type { AreaReport } from "../checks/report.ts";
import { configOf, type Values } from "../checks/values.ts";

/** Cloud Run refuses a caller without a token with 401 or 403, and one from outside with 404. */
const REFUSALS = [401, 403, 404];

/** Checks that no function but the public ones can be called by someone who shows no token. */
export async function checkPrivateEndpoints(values: Values, area: AreaReport): Promise<void> {
  const config = configOf(values, ["FUNCTION_URL_TEMPLATE"]);
  if (!config) return;
  const names = functionNames.filter((name) => !isPublic(manifest[name].trigger));
  const answers = await Promise.all(
    names.map(async (name) => {
      const url = forFunction(config.FUNCTION_URL_TEMPLATE, name);
      return { name, url, status: await answerTo(url) };
    }),
  );
  for (const { name, url, status } of answers) {
    if (status !== undefined && REFUSALS.includes(status)) continue;
    if (status === undefined) {
      area.wrong(`${url} does not answer`, "Deploy it: terraform -chdir=terraform apply");
    } else {
      area.wrong(
        `${url} accepted a caller without a token: it answered ${status}`,
        `Remove the permissions that Terraform did not grant: gcloud run services get-iam-policy ${name}; then terraform -chdir=terraform apply`,
      );
    }
  }
  const refusing = answers.filter(({ status }) => status && REFUSALS.includes(status)).length;
  area.ok(`${refusing} of ${names.length} private functions refuse a caller without a token`);
}

function isPublic(trigger: Trigger): boolean {
  return trigger.kind === "http" && trigger.isPublic;
}
