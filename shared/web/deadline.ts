import type { PlatformDeps } from "../runtime/deps.ts";

/** Google's client retries an unresponsive database for a minute: nobody waits that long for a page. */
const READ_DEADLINE_MS = 5000;

/** Waits for the work's result. Throws an error if it takes longer than five seconds. */
export async function withinDeadline<T>(
  work: Promise<T>,
  { clock }: Pick<PlatformDeps, "clock">,
): Promise<T> {
  const deadline = clock.sleep(READ_DEADLINE_MS).then(() => {
    throw new Error(`The database did not answer within ${READ_DEADLINE_MS} ms.`);
  });
  return Promise.race([work, deadline]);
}
