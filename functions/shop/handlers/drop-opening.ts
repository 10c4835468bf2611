import { NotYetError, taskWorker } from "../../../shared/runtime/delivery/task-worker.ts";
import { type OpenOnTimeDeps, openOnTime } from "../drops/open-on-time.ts";
import { dropOpeningDue } from "../events/drop-opening-due.ts";

/** The clock of Cloud Tasks is not ours: a task may come this early. */
const CLOCKS_DIFFER_MS = 60_000;

/**
 * Opens a draft at its time. Idempotency: a second run finds it posted. Crash safety: a repeat posts what is on sale
 * already. Lateness: it opens late. A draft that was discarded, opened or rescheduled meanwhile is left alone.
 */
export const handler = taskWorker(dropOpeningDue, async ({ dropId }, deps: OpenOnTimeDeps) => {
  const { opensAt } = (await deps.drops.get(dropId)) ?? {};
  const earlyMs = opensAt ? opensAt.getTime() - deps.clock.now().getTime() : 0;
  if (earlyMs >= CLOCKS_DIFFER_MS) return;
  if (earlyMs > 0) throw new NotYetError("The drop opens in a moment");
  await openOnTime(dropId, deps);
});
