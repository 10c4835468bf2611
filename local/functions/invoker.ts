import type { RequestListener } from "node:http";
import { type FunctionName, functionNames, manifest } from "../../functions/manifest.ts";
import type { Trigger } from "../../shared/runtime/function/function-row.ts";
import type { LocalClock } from "../kit/clock.ts";
import { identityIn, withoutSignature } from "../kit/google/identity-token.ts";

/**
 * The members with the invoker role in each function's access policy, such as
 * "serviceAccount:c500-push@P.iam.gserviceaccount.com" and "allUsers".
 */
export type Invokers = Map<string, readonly string[]>;

/** What `guarded` needs. */
export interface GuardOptions {
  readonly clock: LocalClock;
  readonly invokers: Invokers;
  /** A function's URL, the required audience of its tokens. */
  readonly urlOf: (name: string) => string;
}

const INVALID_TOKEN =
  'Bearer error="invalid_token" error_description="The access token could not be verified"';

interface Refusal {
  readonly status: 401 | 403 | 404;
  /** Part of the response, for debugging; Google's says less. */
  readonly reason: string;
}

/**
 * Puts Cloud Run's check of callers in front of the functions, by their current access policies. A
 * verified token is passed on without its signature.
 * https://cloud.google.com/run/docs/troubleshooting#unauthorized-client
 */
export function guarded(listener: RequestListener, options: GuardOptions): RequestListener {
  return (request, response) => {
    const [, name = ""] = /^\/([^/?]*)/.exec(request.url ?? "") ?? [];
    const members = options.invokers.get(name) ?? [];
    if (!isFunction(name) || isOpen(name, members)) {
      listener(request, response);
      return;
    }
    const { authorization = "" } = request.headers;
    const refusal = refusalOf(name, authorization, members, options);
    if (!refusal) {
      request.headers.authorization = withoutSignature(authorization);
      listener(request, response);
      return;
    }
    const { status, reason } = refusal;
    if (status === 401) response.setHeader("www-authenticate", INVALID_TOKEN);
    response
      .writeHead(status, { "content-type": "text/plain" })
      .end(`Your client does not have permission to get this URL. ${reason}\n`);
  };
}

function isOpen(name: FunctionName, members: readonly string[]): boolean {
  return members.includes("allUsers") && !isInternal(manifest[name].trigger);
}

/**
 * Why a call is refused; undefined if it is allowed. A private function requires a valid token with
 * the function's URL as audience, from an account in its policy. Functions for Pub/Sub and Cloud
 * Scheduler do not exist for external callers, which are those without a token.
 * https://cloud.google.com/run/docs/securing/ingress
 */
function refusalOf(
  name: FunctionName,
  authorization: string,
  members: readonly string[],
  { clock, urlOf }: GuardOptions,
): Refusal | undefined {
  if (authorization === "") {
    return isInternal(manifest[name].trigger)
      ? { status: 404, reason: `${name} accepts only calls from inside the project.` }
      : { status: 403, reason: `${name} requires an identity token.` };
  }
  const identity = identityIn(authorization, clock);
  if (!identity) {
    return { status: 401, reason: "The identity token is not Google's or has expired." };
  }
  const { email, audience } = identity;
  if (audience !== urlOf(name)) {
    const reason = `The audience of the identity token is ${audience}, not ${urlOf(name)}.`;
    return { status: 401, reason };
  }
  const mayCall = ["allUsers", "allAuthenticatedUsers", `serviceAccount:${email}`];
  return mayCall.some((member) => members.includes(member))
    ? undefined
    : { status: 403, reason: `${email} does not have the role roles/run.invoker on ${name}.` };
}

/**
 * The invokers of each function of a project, as in Cloud Run's access policies after `terraform
 * apply`.
 */
export function invokersOf(projectId: string): Invokers {
  return new Map(functionNames.map((name) => [name, membersOf(name, projectId)]));
}

function membersOf(name: FunctionName, projectId: string): readonly string[] {
  const trigger: Trigger = manifest[name].trigger;
  if (trigger.kind === "http" && trigger.isPublic) return ["allUsers"];
  const email = invokerEmail(name, projectId);
  return email === "" ? [] : [`serviceAccount:${email}`];
}

/** The account as which Google calls a function; "" if the installation's owner chooses it. */
export function invokerEmail(name: FunctionName, projectId: string): string {
  const account = invokerOf(name, manifest[name].trigger);
  return account === undefined ? "" : `${account}@${projectId}.iam.gserviceaccount.com`;
}

function isInternal({ kind }: Trigger): boolean {
  return kind === "topic" || kind === "schedule";
}

/** The account that may call a function; undefined if the installation's owner chooses it. */
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
