import { DiscordError } from "../../../../shared/clients/discord/errors.ts";
import { TerminalError } from "../../../../shared/runtime/errors.ts";
import { type ScheduleAuctionBoardDeps, scheduleBoard } from "../../boards/schedule-board.ts";
import type { Deps } from "../../deps.ts";
import type { Auction } from "../../domain/auction.ts";
import { unreadableBoard } from "../../messages/board.ts";
import type { UnreadableAuction } from "../../store/auction-document.ts";
import { cancelInRedis } from "../opening/put-into-redis.ts";
import { type RecordBidsDeps, recordBids } from "../running/record-bids.ts";

/** The reason that bidders read if the team has suspended or removed the seller. */
export const SELLER_STOPPED = "The team has stopped its seller's sales.";

/**
 * Ends a planned or running auction without a winner. Undefined if it is too late. Redis is changed first, so that it
 * accepts no more bids; the hammer later finds the auction cancelled. `reason` is the team's. Idempotency and crash
 * safety: another call does what is left.
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
  // Its last bids belong in the record. It may also have opened, or been restored, meanwhile.
  try {
    await recordBids(after, deps);
  } catch (error) {
    // Bids that can't be read are missing in the record; the auction is cancelled nevertheless.
    if (!(error instanceof TerminalError)) throw error;
    deps.log.error("The last bids of a cancelled auction can't be read", error, {
      auction: auction.id,
    });
  }
  await scheduleBoard(auction.id, deps);
  return after;
}

/**
 * Ends an auction whose document can't be read, as far as possible: it accepts no more bids, its channels are free and
 * its boards show that it is cancelled. False if it is already over. Idempotency: another call does what is left.
 */
export async function cancelUnreadable(
  auction: UnreadableAuction,
  deps: Pick<Deps, "auctions" | "auctionEngine" | "discord">,
  reason?: string,
): Promise<boolean> {
  const outcome = await cancelInRedis(auction, deps);
  if (outcome === "closed" || outcome === "void") return false;
  if (!(await deps.auctions.endUnreadable(auction.id, reason))) return false;
  for (const { channelId, messageId, pin } of auction.boards) {
    if (!messageId) continue;
    try {
      await deps.discord.editMessage(channelId, messageId, unreadableBoard);
      if (pin) await deps.discord.unpinMessage(channelId, pin.messageId, "The auction is over");
    } catch (error) {
      const isGone = error instanceof DiscordError && (error.isUnknown || error.isUnusableChannel);
      if (!isGone) throw error;
    }
  }
  return true;
}
