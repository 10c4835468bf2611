import { NotYetError, taskWorker } from "../../../shared/runtime/delivery/task-worker.ts";
import { windowCloseDue } from "../events/race-tasks.ts";
import { closeDueWindow, type WindowEndDeps, warnOfWindowEnd } from "../service/window-end.ts";

/**
 * Ends a commission window that nobody has closed: one task warns the host, a later one closes the window.
 *
 * Idempotency: a repeated task changes nothing. Lateness: a late task does not move the window's end, and a task
 * for an extended window does nothing; the sweeper closes windows that no task closed.
 */
export const handler = taskWorker(windowCloseDue, async (task, deps: WindowEndDeps) => {
  const closesAt = new Date(task.closesAtMs);
  if (task.step === "warn") {
    await warnOfWindowEnd(task.lobbyId, closesAt, deps);
    return;
  }
  if (deps.clock.now() < closesAt) throw new NotYetError("The window's time is not over");
  await closeDueWindow(task.lobbyId, deps);
});
