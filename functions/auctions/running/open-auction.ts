import { isApproved } from "../../members/domain/standing.ts";
import { type PlaceBoardDeps, placeBoard } from "../boards/place-board.ts";
import { scheduleBoard } from "../boards/schedule-board.ts";
import type { Deps } from "../deps.ts";
import { type Auction, MAX_EXTENSION_MS, type OpeningProblem } from "../domain/auction.ts";
import { cancelAuction, SELLER_STOPPED } from "./cancel-auction.ts";
import { cancelInRedis, putIntoRedis } from "./put-into-redis.ts";
import { type RecordBidsDeps, recordBids } from "./record-bids.ts";
import { scheduleHammer } from "./schedule-hammer.ts";

/** What opening needs. */
export type OpenAuctionDeps = RecordBidsDeps & PlaceBoardDeps & Pick<Deps, "builders">;

/** An auction that is open, or why it is not. */
export type OpenAuctionResult =
  | { readonly outcome: "open"; readonly auction: Auction }
  | { readonly outcome: OpeningProblem | "over" };

/**
 * Opens a planned auction: its board first, since nobody could bid where we may not post; then its
 * clock in Firestore, Redis and the hammer. Again, or after dying in between, it goes on where it was;
 * an auction that is over stays over, and one that is cancelled while it opens takes no bids. One that
 * waited for the stream is not answered to anybody: why it could not open is left to be told.
 */
export async function openAuction(
  auctionId: string,
  deps: OpenAuctionDeps,
): Promise<OpenAuctionResult> {
  const planned = await deps.auctions.get(auctionId);
  if (planned?.couldNotOpen) return { outcome: planned.couldNotOpen };
  const isNotified = planned?.opens === "now";
  if (planned?.state === "planned" && (await isClosedToUs(planned, deps))) {
    const after = await deps.auctions.couldNotOpen(auctionId, "forbidden", { isNotified });
    if (after?.couldNotOpen) return { outcome: after.couldNotOpen };
  }
  // Its clock is Redis's, by which the hammer falls.
  const openedAt = await deps.auctionEngine.now();
  const auction = await deps.auctions.open(auctionId, openedAt, MAX_EXTENSION_MS);
  if (auction?.state !== "live") {
    // An earlier run may have died before it saw that the auction was cancelled meanwhile.
    if (auction?.state === "cancelled") await cancelInRedis(auction, deps);
    return { outcome: "over" };
  }
  // One that was open and has bids comes from the record, where Redis has lost it.
  if (auction.recorded) return opened(await recordBids(auction, deps), deps);
  const outcome = await putIntoRedis(auction, [], deps);
  if (outcome === "over") return { outcome };
  if (outcome === "running") return opened(auction, deps);
  const after = await deps.auctions.couldNotOpen(auctionId, "busy", { isNotified });
  if (after?.state === "live") return opened(after, deps);
  await scheduleBoard(auctionId, deps);
  return { outcome: after?.couldNotOpen ?? "over" };
}

/**
 * What is left to do for an auction that Redis takes bids for. A builder may have been suspended since they
 * asked: the suspension cancels what runs by then, and this cancels what opened since.
 */
async function opened(auction: Auction, deps: OpenAuctionDeps): Promise<OpenAuctionResult> {
  if (auction.state !== "live") return { outcome: auction.couldNotOpen ?? "over" };
  await scheduleHammer(auction, deps);
  await scheduleBoard(auction.id, deps);
  if (isApproved(await deps.builders.standing(auction.builderId))) {
    return { outcome: "open", auction };
  }
  await cancelAuction(auction, deps, SELLER_STOPPED);
  return { outcome: "over" };
}

/** Whether we may not post in an auction's channel. Where Discord has trouble, the board comes later. */
async function isClosedToUs(auction: Auction, deps: OpenAuctionDeps): Promise<boolean> {
  const channelId = auction.boards[0]?.channelId ?? "";
  try {
    return (await placeBoard(auction, channelId, deps)) === "forbidden";
  } catch (error) {
    deps.log.error("An auction opens before its board is shown", error, { auction: auction.id });
    return false;
  }
}
