import type { PlatformDeps } from "../runtime/deps.ts";

/** Google's client retries an unresponsive database for a minute: nobody waits that long for a page. */
const READ_DEADLINE_MS = 5000;

/** Waits for the work's result. Throws an error if it takes longer than five seconds, or the given time. */
export async function withinDeadline<T>(
  work: Promise<T>,
  { clock }: Pick<PlatformDeps, "clock">,
  deadlineMs = READ_DEADLINE_MS,
): Promise<T> {
  const deadline = clock.sleep(deadlineMs).then(() => {
    throw new Error(`There was no answer within ${deadlineMs} ms.`);
  });
  return Promise.race([work, deadline]);
}
