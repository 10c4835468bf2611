import { taskWorker } from "../../../shared/runtime/delivery/task-worker.ts";
import { type RefreshBoardDeps, refreshBoard } from "../drops/drop-board.ts";
import { dropBoardDue } from "../events/drop-board-due.ts";

/** Updates a drop's post in the marketplace. Idempotency: a second run shows the same. */
export const handler = taskWorker(dropBoardDue, ({ dropId }, deps: RefreshBoardDeps) =>
  refreshBoard(dropId, deps),
);
