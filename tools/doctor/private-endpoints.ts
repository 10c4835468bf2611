import { type FunctionName, functionNames, manifest } from "../../functions/manifest.ts";
import { forFunction } from "../../shared/runtime/config.ts";
import { describeError } from "../../shared/runtime/errors.ts";
import type { Trigger } from "../../shared/runtime/function/function-row.ts";
import { configOf, type Environment, type Values } from "../settings/values.ts";
import { readAccess } from "./checks/google/project.ts";
import { GoogleError, googleRemedy } from "./checks/google/rest.ts";
import { answerTo } from "./checks/installation.ts";
import type { AreaReport } from "./checks/report.ts";

/**
 * Cloud Run refuses a caller without a token with 401 or 403. To a caller from outside it answers 404 for a
 * function with internal ingress, even if anyone may invoke it, and for one that is not deployed.
 * https://cloud.google.com/run/docs/troubleshooting
 */
const REFUSALS = [401, 403, 404];
const NOT_FOUND = 404;
/** https://cloud.google.com/iam/docs/principals-overview */
const EVERYONE = ["allUsers", "allAuthenticatedUsers"];
const DEPLOY = "Deploy: ./dev build, then terraform -chdir=terraform apply";

/** What was found out about one function. */
interface Found {
  readonly name: FunctionName;
  readonly url: string;
  /** The status of the response to a call without a token; undefined without a response. */
  readonly status: number | undefined;
  /** Which public principals may invoke it, each with the role; or the error that kept us from reading that. */
  readonly open: readonly { readonly member: string; readonly role: string }[] | Error;
}

/**
 * Checks that only the public functions can be called without a token, or with the token of an arbitrary
 * account: by each function's policy, which a call from outside cannot show, and by calling it.
 */
export async function checkPrivateEndpoints(
  values: Values,
  environment: Environment,
  area: AreaReport,
): Promise<void> {
  const config = configOf(values, [
    ...(["FUNCTION_URL_TEMPLATE", "GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_REGION"] as const),
  ]);
  if (!config) return;
  const place = { projectId: config.GOOGLE_CLOUD_PROJECT, region: config.GOOGLE_CLOUD_REGION };
  const names = functionNames.filter((name) => !isPublic(manifest[name].trigger));
  const found = await Promise.all(
    names.map(async (name): Promise<Found> => {
      const url = forFunction(config.FUNCTION_URL_TEMPLATE, name);
      const [status, open] = await Promise.all([answerTo(url), readOpen(name, place, environment)]);
      return { name, url, status, open };
    }),
  );
  const missing = found.filter(({ open }) => isMissing(open)).map(({ name }) => name);
  if (missing.length > 0) area.wrong(`not deployed: ${missing.join(", ")}`, DEPLOY);
  const refusing = found.filter((each) => !isMissing(each.open) && isClosed(each, place, area));
  area.ok(
    `${refusing.length} of ${names.length} private functions refuse a caller without a token`,
  );
  const [unread, ...more] = found.flatMap(({ open }) => (isUnread(open) ? [open] : []));
  if (unread === undefined) return;
  area.wrong(
    `who may call ${more.length + 1} private functions cannot be read: ${describeError(unread)}`,
    googleRemedy(unread, "run", place.projectId),
  );
}

async function readOpen(
  name: FunctionName,
  place: Parameters<typeof readAccess>[1],
  environment: Environment,
): Promise<Found["open"]> {
  try {
    const bindings = await readAccess(name, place, environment);
    return bindings.flatMap(({ role, members }) =>
      members.filter((member) => EVERYONE.includes(member)).map((member) => ({ member, role })),
    );
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Reports what is wrong with a deployed function. Returns whether it is known to refuse callers without a token. */
function isClosed(
  { name, url, status, open }: Found,
  { projectId, region }: Parameters<typeof readAccess>[1],
  area: AreaReport,
): boolean {
  const bindings = open instanceof Error ? [] : open;
  for (const { member, role } of bindings) {
    area.wrong(
      `${name} may be called by ${member}, through the role ${role}`,
      `Remove that: gcloud run services remove-iam-policy-binding ${name} --project ${projectId} --region ${region} --member ${member} --role ${role}`,
    );
  }
  if (status === undefined) area.wrong(`${url} does not answer`, DEPLOY);
  else if (!REFUSALS.includes(status)) {
    area.wrong(
      `${url} accepted a caller without a token: it answered ${status}`,
      `Remove the permissions that Terraform did not grant: gcloud run services get-iam-policy ${name} --project ${projectId} --region ${region}; then terraform -chdir=terraform apply`,
    );
  } else if (open instanceof Error) return status !== NOT_FOUND;
  else return bindings.length === 0;
  return false;
}

function isMissing(open: Found["open"]): boolean {
  return open instanceof GoogleError && open.status === NOT_FOUND;
}

function isUnread(open: Found["open"]): open is Error {
  return open instanceof Error && !isMissing(open);
}

function isPublic(trigger: Trigger): boolean {
  return trigger.kind === "http" && trigger.isPublic;
}
