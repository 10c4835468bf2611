import type { Trigger } from "../../functions/function-row.ts";
import { type FunctionName, functionNames, manifest } from "../../functions/manifest.ts";
import { identityIn } from "../kit/identity-token.ts";

const NOT_FOUND = 404;
const UNAUTHORIZED = 401;
const FORBIDDEN = 403;

/**
 * What Cloud Run answers before a request reaches a function's code: undefined where it lets it through.
 * Anyone may call a public function; any other is called with a token that is made out to its own
 * address, by an account that `terraform/access.tf` lets in. What Pub/Sub and Cloud Scheduler call is not
 * there for callers from outside, who are taken to be those without a token.
 * https://cloud.google.com/run/docs/securing/ingress
 * https://cloud.google.com/run/docs/troubleshooting#unauthorized-client
 */
export function refusedByIam(
  name: string,
  ownUrl: string,
  authorization: string | undefined,
): typeof NOT_FOUND | typeof UNAUTHORIZED | typeof FORBIDDEN | undefined {
  if (!isFunction(name)) return undefined;
  const trigger: Trigger = manifest[name].trigger;
  if (trigger.kind === "http" && trigger.isPublic) return undefined;
  if (authorization === undefined) return isInternal(trigger) ? NOT_FOUND : FORBIDDEN;
  const identity = identityIn(authorization);
  if (identity?.audience !== ownUrl) return UNAUTHORIZED;
  const account = identity.email.split("@")[0];
  const invoker = invokerOf(name, trigger);
  return invoker === undefined || account === invoker ? undefined : FORBIDDEN;
}

/**
 * Who may call each function of a project, as Cloud Run's access policies name them after `terraform apply`.
 */
export function invokersOf(projectId: string): Record<FunctionName, readonly string[]> {
  const members = functionNames.map((name) => {
    const trigger: Trigger = manifest[name].trigger;
    if (trigger.kind === "http" && trigger.isPublic) return [name, ["allUsers"]];
    const email = invokerEmail(name, projectId);
    return [name, email === "" ? [] : [`serviceAccount:${email}`]];
  });
  return Object.fromEntries(members);
}

/** The account that Google calls a function as, which may; "" where the installation's owner names it. */
export function invokerEmail(name: FunctionName, projectId: string): string {
  const account = invokerOf(name, manifest[name].trigger);
  return account === undefined ? "" : `${account}@${projectId}.iam.gserviceaccount.com`;
}

function isInternal({ kind }: Trigger): boolean {
  return kind === "topic" || kind === "schedule";
}

/** The account that may call a function; undefined where the installation's owner names it. */
function invokerOf(name: FunctionName, { kind }: Trigger): string | undefined {
  switch (kind) {
    case "queue":
      return `tasks-${name}`;
    case "topic":
      return "c500-push";
    case "schedule":
      return "c500-scheduler";
    case "http":
      return undefined;
  }
}

function isFunction(name: string): name is FunctionName {
  return (functionNames as readonly string[]).includes(name);
}
