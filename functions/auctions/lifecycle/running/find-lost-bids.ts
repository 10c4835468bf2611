import { type SendDeps, sendDmOnce } from "../../../../shared/discord/sending/send-once.ts";
import { scheduleBoard } from "../../boards/schedule-board.ts";
import type { Deps } from "../../deps.ts";
import type { Auction } from "../../domain/auction.ts";
import type { AcceptedBid } from "../../events/auction-tasks.ts";
import { lostBidNotice } from "../../messages/bid-notices.ts";
import { type RecordBidsDeps, recordBids } from "./record-bids.ts";

/** The dependencies of finding lost bids. */
export type LostBidsDeps = RecordBidsDeps & SendDeps & Pick<Deps, "users">;

/**
 * Looks in the record for bids that were answered as accepted. A bid that is missing, although Redis has been copied
 * since, is lost: its bidder is notified, and the board shows to which bid the auction went back. Redis cannot know
 * what it has lost, so the accepted bids were stored in tasks.
 *
 * Idempotency: a lost bid stays lost, and each notice is sent once.
 */
export async function findLostBids(
  auctionId: string,
  accepted: readonly AcceptedBid[],
  deps: LostBidsDeps,
): Promise<void> {
  const known = await deps.auctions.get(auctionId);
  if (!known) return;
  const lastSequence = Math.max(...accepted.map(({ sequence }) => sequence));
  const isToCome = known.state === "live" && (known.recorded?.sequence ?? 0) < lastSequence;
  const auction = isToCome ? await recordBids(known, deps) : known;
  const lost = await notRecorded(auction, accepted, deps);
  if (lost.length === 0) return;
  deps.log.warn("Redis has lost bids that were accepted", {
    auction: auctionId,
    bids: lost.length,
    event: "bids-lost",
  });
  const kept = Math.min(...lost.map(({ sequence }) => sequence)) - 1;
  const before = kept === 0 ? 0 : await deps.bids.countAt(auctionId, kept);
  const bids = before ?? auction.recorded?.bids ?? 0;
  await deps.auctions.wentBack(auctionId, deps.clock.now(), bids);
  await scheduleBoard(auctionId, deps);
  for (const bid of lost) {
    const key = `auction-bid-lost:${auctionId}:${bid.bidId}`;
    await sendDmOnce(key, bid.bidderId, lostBidNotice(auction, bid), deps);
  }
}

async function notRecorded(
  auction: Auction,
  accepted: readonly AcceptedBid[],
  { bids }: Pick<Deps, "bids">,
): Promise<readonly AcceptedBid[]> {
  const ids = await bids.idsAt(
    auction.id,
    accepted.map(({ sequence }) => sequence),
  );
  return accepted.filter(({ sequence, bidId }) => ids.get(sequence) !== bidId);
}
