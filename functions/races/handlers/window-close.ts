import { NotYetError, taskWorker } from "../../../shared/runtime/task-worker.ts";
import { windowCloseDue } from "../events/race-tasks.ts";
import { closeDueWindow, type WindowEndDeps, warnOfWindowEnd } from "../service/window-end.ts";

/**
 * The end of a commission window that nobody has closed: first the host is warned, then it closes.
 * A task that is late or repeated changes nothing about when it ends, and one of a window that goes on
 * does nothing; the sweeper closes where no task did.
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
