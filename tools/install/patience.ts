import type { Clock } from "../../shared/runtime/clock.ts";
import { describeError } from "../../shared/runtime/errors.ts";
import { GoogleError } from "../doctor/checks/google/rest.ts";

/** Google promises no time: its own pages say minutes, both of services and of roles. */
const MINUTE_MS = 60_000;
const PATIENCE_MS = 10 * MINUTE_MS;
const PAUSES_MS = [2_000, 5_000, 10_000, 15_000];

/** An effect that is not seen yet. */
export class NotYetError extends Error {
  override name = "NotYetError";
}

/** Work that was waited for in vain; the cause is its last failure. Waiting around it ends too. */
export class WaitedError extends Error {
  override name = "WaitedError";
}

/**
 * Repeats work while it fails for a reason that passes by itself: a service that was just enabled, a role or project
 * that is not known everywhere, a limit, a lost connection. Throws WaitedError after ten minutes.
 */
export async function patiently<T>(
  clock: Clock,
  say: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  let said = "";
  for (let waitedMs = 0, tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const why = passingReason(error);
      if (why === undefined) throw error;
      if (waitedMs >= patienceWith(error)) throw new WaitedError(why, { cause: error });
      const minutes = patienceWith(error) / MINUTE_MS;
      const most = minutes === 1 ? "a minute" : `${minutes} minutes`;
      if (why !== said) say(`          waiting up to ${most}: ${why}`);
      said = why;
      const pauseMs = PAUSES_MS[tries] ?? PAUSES_MS.at(-1) ?? 0;
      waitedMs += pauseMs;
      await clock.sleep(pauseMs);
    }
  }
}

/** A refusal that may be meant is waited for, but not for long. */
const DOUBT_MS = MINUTE_MS;

function patienceWith(error: unknown): number {
  const isDoubtful =
    error instanceof GoogleError && error.status === 403 && error.reason !== "SERVICE_DISABLED";
  return isDoubtful || isLostConnection(error) ? DOUBT_MS : PATIENCE_MS;
}

/** Why work may succeed later; undefined if it will not. */
function passingReason(error: unknown): string | undefined {
  if (error instanceof NotYetError) return error.message;
  if (isLostConnection(error)) return `a service does not answer (${describeError(error)})`;
  const { status, message } = (error ?? {}) as { status?: unknown; message?: string };
  if (typeof status !== "number") return undefined;
  if (status === TOO_MANY) return "a service asks to be called less often";
  if (status >= SERVER_ERROR) return `a service has trouble (${message})`;
  if (!(error instanceof GoogleError)) return undefined;
  if (error.reason === "SERVICE_DISABLED") {
    return "Google has not finished enabling the service";
  }
  if (error.reason === UNPAID)
    return "Google does not know yet that the project has a billing account";
  const isDoubtful = status === FORBIDDEN;
  return isDoubtful ? "Google does not know the project or your role in it yet" : undefined;
}

/** The billing account was linked before anything that is paid for. */
const UNPAID = "UREQ_PROJECT_BILLING_NOT_FOUND";
const TOO_MANY = 429;
const SERVER_ERROR = 500;
const FORBIDDEN = 403;
const LOST: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EAI_AGAIN",
  "ENOTFOUND",
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_SOCKET",
]);

function isLostConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const isFetch = error instanceof TypeError && error.message === "fetch failed";
  return isFetch || error.name === "TimeoutError" || LOST.has((error as { code?: unknown }).code);
}
