import type { Auction } from "../domain/auction.ts";
import { cancelInRedis } from "./put-into-redis.ts";
import { type RecordBidsDeps, recordBids } from "./record-bids.ts";
import { type ScheduleAuctionBoardDeps, scheduleBoard } from "./schedule-board.ts";

/** What bidders read where the team has suspended or removed the seller. */
export const SELLER_STOPPED = "The team has stopped its seller's sales.";

/**
 * Ends a planned or running auction: no winner, nobody pays. Undefined when it is too late for that.
 * Redis first, so that no bid is taken after it; the hammer that comes all the same finds it cancelled.
 * `reason` is the team's. Again, or after dying in between, it does what is left.
 */
export async function cancelAuction(
  auction: Auction,
  deps: RecordBidsDeps & ScheduleAuctionBoardDeps,
  reason?: string,
): Promise<Auction | undefined> {
  if (auction.state === "live") {
    const outcome = await cancelInRedis(auction, deps);
    if (outcome === "closed" || outcome === "void") return undefined;
  }
  const after = await deps.auctions.end(auction.id, "cancelled", reason);
  if (after?.state !== "cancelled") return undefined;
  // Its last bids belong in the record. And it may have opened, or been restored, meanwhile.
  await recordBids(after, deps);
  await scheduleBoard(auction.id, deps);
  return after;
}
