import { findLostBids, type LostBidsDeps } from "../../shared/auction-house/find-lost-bids.ts";
import { type ShowBoardsDeps, showBoards } from "../../shared/auction-house/show-boards.ts";
import { auctionBoardDue } from "../../shared/events/auction-tasks.ts";
import { taskWorker } from "../../shared/runtime/task-worker.ts";

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
