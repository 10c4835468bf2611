import { taskWorker } from "../../../shared/runtime/delivery/task-worker.ts";
import { type ShowBoardsDeps, showBoards } from "../boards/show-boards.ts";
import { auctionBoardDue } from "../events/auction-tasks.ts";
import { findLostBids, type LostBidsDeps } from "../lifecycle/running/find-lost-bids.ts";

/**
 * Records an auction's new bids and updates its boards; or checks whether the bids that were accepted are recorded,
 * and notifies bidders whose bid was lost.
 *
 * Idempotency: a second run finds everything recorded, shown and sent. Lateness: a late run shows the current state.
 */
export const handler = taskWorker(
  auctionBoardDue,
  ({ auctionId, accepted }, deps: ShowBoardsDeps & LostBidsDeps) =>
    accepted ? findLostBids(auctionId, accepted, deps) : showBoards(auctionId, deps),
);
