import { taskWorker } from "../../../shared/runtime/delivery/task-worker.ts";
import { type RefreshBoardDeps, refreshBoard } from "../drops/drop-board.ts";
import { type KeepEventDeps, keepEvent } from "../drops/drop-event.ts";
import { dropBoardDue } from "../events/drop-board-due.ts";

/**
 * Updates a drop's post in the marketplace, and its event in the server. Idempotency: a second run shows the same.
 * Crash safety and lateness: a repeat, or the sweeper, shows what is true then.
 */
export const handler = taskWorker(
  dropBoardDue,
  async ({ dropId }, deps: RefreshBoardDeps & KeepEventDeps) => {
    await refreshBoard(dropId, deps);
    await keepEvent(dropId, deps);
  },
);
