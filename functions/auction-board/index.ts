import { type ShowBoardsDeps, showBoards } from "../../shared/auction-house/show-boards.ts";
import { auctionBoardDue } from "../../shared/events/auction-tasks.ts";
import { taskWorker } from "../../shared/runtime/task-worker.ts";

/**
 * Records an auction's new bids and shows them. A repeat finds everything recorded and shown; one
 * that is late shows what is true by then.
 */
export const handler = taskWorker(auctionBoardDue, ({ auctionId }, deps: ShowBoardsDeps) =>
  showBoards(auctionId, deps),
);
