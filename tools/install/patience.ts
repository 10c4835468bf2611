import type { Clock } from "../../shared/runtime/clock.ts";
import { describeError } from "../../shared/runtime/errors.ts";
import { GoogleError } from "../checks/google/rest.ts";

/** Google promises no time: its own pages say minutes, both of services and of roles. */
const PATIENCE_MS = 10 * 60_000;
const PAUSES_MS = [2_000, 5_000, 10_000, 15_000];

/** An effect that is not seen yet. */
export class NotYetError extends Error {
  override name = "NotYetError";
}

/**
 * Repeats work while it fails for a reason that passes by itself: a service that was just enabled, a role or project
 * that is not known everywhere, a limit, a lost connection. Throws the last error after ten minutes.
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
      if (why === undefined || waitedMs >= patienceWith(error)) throw error;
      if (why !== said) say(`          waiting: ${why}`);
      said = why;
      const pauseMs = PAUSES_MS[tries] ?? PAUSES_MS.at(-1) ?? 0;
      waitedMs += pauseMs;
      await clock.sleep(pauseMs);
    }
  }
}

/** A refusal that may be meant is waited for, but not for long. */
const DOUBT_MS = 60_000;

function patienceWith(error: unknown): number {
  const isDoubtful =
    error instanceof GoogleError && error.status === 403 && error.reason !== "SERVICE_DISABLED";
  return isDoubtful || isLostConnection(error) ? DOUBT_MS : PATIENCE_MS;
}

/** Why work may succeed later; undefined if it will not. */
function passingReason(error: unknown): string | undefined {
  if (error instanceof NotYetError) return error.message;
  if (isLostConnection(error)) return `a service does not answer (${describeError(error)})`;
  if (!(error instanceof GoogleError)) return undefined;
  const { status, reason, message } = error;
  if (reason === "SERVICE_DISABLED") return "Google does not know yet that the service is enabled";
  if (status === 429) return "Google asks to be called less often";
  if (status >= 500) return `Google has trouble (${message})`;
  if (status === 403) return "Google does not know the project or your role in it yet";
  return undefined;
}

function isLostConnection(error: unknown): boolean {
  return error instanceof TypeError && error.message === "fetch failed";
}
