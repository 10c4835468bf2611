import { isDue, taskWorker } from "../../../shared/runtime/delivery/task-worker.ts";
import { type OpenOnTimeDeps, openOnTime } from "../drops/open-on-time.ts";
import { dropOpeningDue } from "../events/drop-opening-due.ts";

/**
 * Opens a draft at its time. Idempotency: a second run finds it posted. Crash safety: a repeat posts what is on sale
 * already. Lateness: it opens late. A draft that was discarded, opened or rescheduled meanwhile is left alone.
 */
export const handler = taskWorker(dropOpeningDue, async ({ dropId }, deps: OpenOnTimeDeps) => {
  const { opensAt } = (await deps.drops.get(dropId)) ?? {};
  if (opensAt && !isDue(opensAt, deps.clock.now(), "The drop's opening")) return;
  await openOnTime(dropId, deps);
});
