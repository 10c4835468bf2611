import { dropBoardDue } from "../../shared/events/drop-board-due.ts";
import { taskWorker } from "../../shared/runtime/task-worker.ts";
import { type RefreshBoardDeps, refreshBoard } from "../../shared/shop/drop-board.ts";

/** Shows a drop in the marketplace as it is now. A repeat shows the same. */
export const handler = taskWorker(dropBoardDue, ({ dropId }, deps: RefreshBoardDeps) =>
  refreshBoard(dropId, deps),
);
