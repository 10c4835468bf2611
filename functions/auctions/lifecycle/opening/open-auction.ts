import { isApproved } from "../../../members/domain/standing.ts";
import { type PlaceBoardDeps, placeBoard } from "../../boards/place-board.ts";
import { scheduleBoard } from "../../boards/schedule-board.ts";
import type { Deps } from "../../deps.ts";
import { type Auction, MAX_EXTENSION_MS, type OpeningProblem } from "../../domain/auction.ts";
import { cancelAuction, SELLER_STOPPED } from "../ending/cancel-auction.ts";
import { scheduleHammer } from "../ending/schedule-hammer.ts";
import { type RecordBidsDeps, recordBids } from "../running/record-bids.ts";
import { freeChannel, isHeldByAnother } from "./free-channel.ts";
import { cancelInRedis, putIntoRedis } from "./put-into-redis.ts";

/** The dependencies of opening. */
export type OpenAuctionDeps = RecordBidsDeps & PlaceBoardDeps & Pick<Deps, "builders">;

/** An open auction, or why it is not open. */
export type OpenAuctionResult =
  | { readonly outcome: "open"; readonly auction: Auction }
  | { readonly outcome: OpeningProblem | "over" };

/**
 * Opens a planned auction unless another one runs in its channel: first its board, because nobody could bid where the
 * bot may not post; then its clock in Firestore, Redis and the hammer. If it waited for the stream, why it could not open
 * is stored for a later notice.
 *
 * Idempotency and crash safety: another run continues where the last one stopped. An auction that is over stays over,
 * and one that is cancelled while it opens accepts no bids.
 */
export async function openAuction(
  auctionId: string,
  deps: OpenAuctionDeps,
): Promise<OpenAuctionResult> {
  const planned = await deps.auctions.get(auctionId);
  if (planned?.couldNotOpen) return { outcome: planned.couldNotOpen };
  const isNotified = planned?.opens === "now";
  if (planned?.state === "planned" && (await isTaken(planned, deps))) {
    const after = await deps.auctions.couldNotOpen(auctionId, "busy", { isNotified });
    if (after?.couldNotOpen) return shownAs(after.couldNotOpen, auctionId, deps);
  }
  if (planned?.state === "planned" && (await isClosedToUs(planned, deps))) {
    const after = await deps.auctions.couldNotOpen(auctionId, "forbidden", { isNotified });
    if (after?.couldNotOpen) return { outcome: after.couldNotOpen };
  }
  // The auction uses Redis's clock, by which the hammer falls.
  const openedAt = await deps.auctionEngine.now();
  const auction = await deps.auctions.open(auctionId, openedAt, MAX_EXTENSION_MS);
  if (auction?.state !== "live") {
    // An earlier run may have crashed before it noticed that the auction was cancelled.
    if (auction?.state === "cancelled") await cancelInRedis(auction, deps);
    return { outcome: "over" };
  }
  // If Redis lost an open auction that has bids, it is restored from the record.
  if (auction.recorded) return opened(await recordBids(auction, deps), deps);
  const outcome = await putIntoRedis(auction, [], deps);
  if (outcome === "over") return { outcome };
  if (outcome === "running") return opened(auction, deps);
  const ifUnbid = { isNotified, isLiveToo: true };
  const after = await deps.auctions.couldNotOpen(auctionId, "busy", ifUnbid);
  if (after?.state === "live") return opened(after, deps);
  return shownAs(after?.couldNotOpen ?? "over", auctionId, deps);
}

/** Makes the board show that an auction does not open. */
async function shownAs(
  outcome: OpeningProblem | "over",
  auctionId: string,
  deps: OpenAuctionDeps,
): Promise<OpenAuctionResult> {
  await scheduleBoard(auctionId, deps);
  return { outcome };
}

/**
 * Finishes the opening of an auction for which Redis accepts bids. A builder may have been suspended meanwhile: the
 * suspension cancels the auctions that were running then, and this cancels those that opened since.
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

/** Whether another auction runs in the auction's channel, even if Redis has lost that one. */
async function isTaken({ id, boards }: Auction, deps: OpenAuctionDeps): Promise<boolean> {
  const channelId = boards[0]?.channelId ?? "";
  await freeChannel(channelId, deps);
  return isHeldByAnother(channelId, id, deps);
}

/** Whether the bot may not post in one of the auction's channels. If Discord has an outage, the board comes later. */
async function isClosedToUs(auction: Auction, deps: OpenAuctionDeps): Promise<boolean> {
  const channelId = auction.boards[0]?.channelId ?? "";
  try {
    return (await placeBoard(auction, channelId, deps)) === "forbidden";
  } catch (error) {
    deps.log.error("An auction opens before its board is shown", error, { auction: auction.id });
    return false;
  }
}
