import { taskWorker } from "../../../shared/runtime/task-worker.ts";
import { type RefreshBoardDeps, refreshBoard } from "../drops/drop-board.ts";
import { dropBoardDue } from "../events/drop-board-due.ts";

/** Shows a drop in the marketplace as it is now. A repeat shows the same. */
export const handler = taskWorker(dropBoardDue, ({ dropId }, deps: RefreshBoardDeps) =>
  refreshBoard(dropId, deps),
);
