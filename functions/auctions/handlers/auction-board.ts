import { taskWorker } from "../../../shared/runtime/task-worker.ts";
import { type ShowBoardsDeps, showBoards } from "../boards/show-boards.ts";
import { auctionBoardDue } from "../events/auction-tasks.ts";
import { findLostBids, type LostBidsDeps } from "../running/find-lost-bids.ts";

/**
 * Records an auction's new bids and shows them; or looks whether what bidders were answered is recorded, and
 * notifies those whose bid is lost. A repeat finds everything recorded, shown and sent; one that is late shows
 * what is true by then.
 */
export const handler = taskWorker(
  auctionBoardDue,
  ({ auctionId, accepted }, deps: ShowBoardsDeps & LostBidsDeps) =>
    accepted ? findLostBids(auctionId, accepted, deps) : showBoards(auctionId, deps),
);
