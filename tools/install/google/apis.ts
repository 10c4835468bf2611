import * as z from "zod/mini";
import type { Clock } from "../../../shared/runtime/clock.ts";
import { connectGoogle, GoogleError, type GoogleRest } from "../../doctor/checks/google/rest.ts";
import type { Environment } from "../../settings/values.ts";

/** Opens one version of one API; calls count for the quota of `quotaProject`, if given. */
export type OpenApi = (api: string, version: string, quotaProject?: string) => GoogleRest;

/** Google's APIs with the credentials of this machine, or the emulator that the environment names. */
export function apisOf(environment: Environment): OpenApi {
  const emulator = environment["GOOGLE_APIS_EMULATOR_HOST"];
  return (api, version, quotaProject) => connectGoogle(api, emulator, { version, quotaProject });
}

/** An operation that goes on after the call that began it: https://cloud.google.com/apis/design/design_patterns#long_running_operations */
export const operation = z.object({
  name: z._default(z.string(), ""),
  done: z._default(z.boolean(), false),
  error: z.optional(z.object({ code: z.int(), message: z.string() })),
});

/** Of an answer that nobody reads. */
export const anything = z.unknown();

const POLL_MS = 2_000;
const MOST_POLLS = 150;
/** gRPC's codes as HTTP statuses, where the difference matters. */
const STATUSES: Readonly<Record<number, number>> = { 3: 400, 5: 404, 6: 409, 7: 403, 8: 429 };

/** Waits for an operation. Throws GoogleError when it failed or does not end within five minutes. */
export async function finish(
  google: GoogleRest,
  begun: z.infer<typeof operation>,
  clock: Clock,
): Promise<void> {
  let current = begun;
  for (let polls = 0; !current.done; polls += 1) {
    if (polls === MOST_POLLS) throw new GoogleError(504, "", `${begun.name} takes too long`);
    await clock.sleep(POLL_MS);
    current = await google.call("GET", begun.name, operation);
  }
  const { error } = current;
  if (error) throw new GoogleError(STATUSES[error.code] ?? 500, "", error.message);
}

/** The answer; undefined when there is nothing of that name, or nothing that one may see. */
export async function ifThere<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    const isAbsent = error instanceof GoogleError && [403, 404].includes(error.status);
    if (!isAbsent || error.reason === "SERVICE_DISABLED") throw error;
    return undefined;
  }
}
