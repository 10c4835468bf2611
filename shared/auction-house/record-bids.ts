import type { Auction } from "../domain/auction.ts";
import type { Deps } from "../runtime/deps.ts";
import { commitmentsOf } from "../store/bids.ts";
import { cancelInRedis, putIntoRedis } from "./put-into-redis.ts";
import { scheduleHammer } from "./schedule-hammer.ts";

/** What recording needs. */
export type RecordBidsDeps = Pick<
  Deps,
  "auctions" | "auctionEngine" | "bids" | "biddingBars" | "tasks" | "clock" | "log"
>;

/** After a pause bidders have at least this long. */
const MIN_LEFT_AFTER_PAUSE_MS = 60_000;

/**
 * Copies what Redis has accepted into the audit record, and gives the auction after it. Where Redis
 * has lost the auction, or went on from another history than the record's, it is restored from the
 * record first; what it had accepted since is lost. Where the auction is cancelled, Redis takes no
 * more bids for it from then on: whoever cancelled it may have died before, or found it half open.
 *
 * Twice or at the same time: a bid is recorded under its sequence number, once. Dying in between: the
 * next run goes on after the last recorded one.
 */
export async function recordBids(before: Auction, deps: RecordBidsDeps): Promise<Auction> {
  let auction = before;
  if (auction.state === "cancelled") await cancelInRedis(auction, deps);
  for (;;) {
    const known = auction.standing?.sequence ?? 0;
    const progress = await deps.auctionEngine.progress(auction.id);
    if (!progress) return auction.state === "live" ? restore(auction, deps) : auction;
    const { anchorId, bids } = await deps.auctionEngine.bidsAfter(auction.id, known);
    const isSameHistory = known === 0 || anchorId === auction.standing?.bidId;
    const [first] = bids;
    const isWhole = first ? first.sequence === known + 1 : progress.sequence === known;
    if (!isSameHistory || !isWhole) {
      const newer = await moved(auction, deps);
      if (!newer) return auction.state === "live" ? restore(auction, deps) : auction;
      auction = newer;
      continue;
    }
    if (!first) return auction;
    await deps.bids.record(auction.id, bids, progress.bidders);
    auction = (await deps.auctions.get(auction.id)) ?? auction;
  }
}

/** The auction as it is now, where another run has recorded more since it was read. */
async function moved(
  auction: Auction,
  { auctions }: Pick<Deps, "auctions">,
): Promise<Auction | undefined> {
  const now = await auctions.get(auction.id);
  return now && now.standing?.sequence !== auction.standing?.sequence ? now : undefined;
}

/**
 * Gives Redis back what it has lost. Bidding was paused meanwhile, so at least a minute is left.
 * Again, it finds Redis whole and changes nothing.
 */
async function restore(before: Auction, deps: RecordBidsDeps): Promise<Auction> {
  deps.log.warn("Redis had lost an auction; it is restored from the record", {
    auction: before.id,
    sequence: before.standing?.sequence ?? 0,
  });
  const resumedAt = new Date(deps.clock.now().getTime() + MIN_LEFT_AFTER_PAUSE_MS);
  const auction = (await deps.auctions.prolong(before.id, resumedAt)) ?? before;
  if (auction.state !== "live") return auction;
  const commitments = commitmentsOf(await deps.bids.all(auction.id));
  const outcome = await putIntoRedis(auction, commitments, deps);
  if (outcome === "over") return (await deps.auctions.get(auction.id)) ?? auction;
  if (outcome === "busy" && !auction.standing) {
    // It never got as far as Redis when it opened, or nobody had bid.
    return (await deps.auctions.couldNotOpen(auction.id, "busy", { isTold: false })) ?? auction;
  }
  if (outcome === "busy") {
    deps.log.error("Another auction has taken the channel of one that was lost", undefined, {
      auction: auction.id,
    });
  }
  await scheduleHammer(auction, deps);
  return auction;
}
