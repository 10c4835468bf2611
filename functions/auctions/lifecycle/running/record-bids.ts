import type { Deps } from "../../deps.ts";
import type { Auction } from "../../domain/auction.ts";
import type { EngineProgress } from "../../engine/read.ts";
import { scheduleHammer } from "../ending/schedule-hammer.ts";
import { cancelInRedis, putIntoRedis } from "../opening/put-into-redis.ts";

/** The dependencies of recording. */
export type RecordBidsDeps = Pick<
  Deps,
  "auctions" | "auctionEngine" | "bids" | "biddingBars" | "tasks" | "clock" | "log"
>;

/** The least time that bidders have after a pause. */
const MIN_LEFT_AFTER_PAUSE_MS = 60_000;

/**
 * Copies the bids that Redis has accepted so far into the audit record and returns the auction after them; later bids
 * are for the next run. If Redis has lost all or part of the auction, or continued from a different history than the
 * record's, what is left is recorded first; then the auction is restored from the record, and bids that Redis accepted
 * beyond that are lost. If the auction is over, this also makes Redis accept no more bids, because the run that
 * cancelled it may have crashed before.
 *
 * Idempotency: a bid is recorded once, under its sequence number, even by concurrent runs, so no lock is needed. Crash
 * safety: the next run continues after the last recorded bid.
 */
export async function recordBids(before: Auction, deps: RecordBidsDeps): Promise<Auction> {
  if (before.state === "cancelled") await cancelInRedis(before, deps);
  // Every bid that counts was recorded before the result; a Redis that lost the hammer may have accepted more.
  if (["sold", "unsold", "void"].includes(before.state)) {
    const channelIds = before.boards.map(({ channelId }) => channelId);
    await deps.auctionEngine.close({ auctionId: before.id, channelIds }, "now");
    return before;
  }
  const progress = await deps.auctionEngine.progress(before.id);
  if (!progress) return restore(before, deps);
  const { sequence, newest, isSameBid, bidders } = progress;
  await giveBackEnd(before, progress, deps);
  const isBehind = sequence < sequenceOf(before);
  const upTo = Math.max(sequence, newest);
  let auction = before;
  for (;;) {
    const known = sequenceOf(auction);
    const { anchorId, bids } = await deps.auctionEngine.bidsAfter(auction.id, known);
    const isSameHistory = known === 0 || anchorId === auction.recorded?.bidId;
    const [first] = bids;
    const isWhole = first ? first.sequence === known + 1 : known >= upTo;
    if (!isSameHistory || !isWhole) {
      const newer = await moved(auction, deps);
      if (!newer) return restore(auction, deps);
      auction = newer;
      continue;
    }
    if (known >= upTo) break;
    // Later bids are for the next run: the number of bidders is from this point in time.
    const counted = bids.filter((bid) => bid.sequence <= upTo);
    await deps.bids.record(auction.id, counted, bidders);
    auction = (await deps.auctions.get(auction.id)) ?? auction;
  }
  const isTorn = sequence < newest || (sequence === newest && !isSameBid);
  return isBehind || isTorn ? restore(auction, deps) : auction;
}

/** Moves the end in Redis again if Redis has lost an extension that the record has. */
async function giveBackEnd(
  { id: auctionId, state, endsAt }: Auction,
  progress: EngineProgress,
  { auctionEngine, log }: Pick<Deps, "auctionEngine" | "log">,
): Promise<void> {
  if (state !== "live" || !endsAt || endsAt <= progress.endsAt) return;
  log.warn("Redis had lost an auction's end", { auction: auctionId, endsAt: endsAt.getTime() });
  const operationId = `recorded-${endsAt.getTime()}`;
  await auctionEngine.extend({ operationId, auctionId, byMs: 0, atLeast: endsAt });
}

function sequenceOf({ recorded }: Pick<Auction, "recorded">): number {
  return recorded?.sequence ?? 0;
}

/** The auction from the record again if another run has recorded more since it was read. */
async function moved(
  auction: Auction,
  { auctions }: Pick<Deps, "auctions">,
): Promise<Auction | undefined> {
  const now = await auctions.get(auction.id);
  return now && sequenceOf(now) !== sequenceOf(auction) ? now : undefined;
}

/**
 * Restores a running auction in Redis. Bidding was paused meanwhile, so at least a minute is left afterwards.
 * Idempotency: a second run finds Redis complete and changes nothing.
 */
async function restore(before: Auction, deps: RecordBidsDeps): Promise<Auction> {
  if (before.state !== "live") return before;
  deps.log.warn("Redis had lost an auction; it is restored from the record", {
    auction: before.id,
    sequence: sequenceOf(before),
  });
  const now = await deps.auctionEngine.now();
  // If nothing is recorded, the auction may never have reached Redis: then no pause is announced.
  if (before.recorded) await deps.auctions.pause(before.id, now);
  const resumedAt = new Date(now.getTime() + MIN_LEFT_AFTER_PAUSE_MS);
  const auction = (await deps.auctions.prolong(before.id, resumedAt)) ?? before;
  if (auction.state !== "live") return auction;
  const outcome = await putIntoRedis(auction, await deps.bids.all(auction.id), deps);
  if (outcome === "over") return (await deps.auctions.get(auction.id)) ?? auction;
  if (outcome === "busy" && !auction.recorded) {
    // The auction never reached Redis when it opened, or nobody had bid.
    const ifUnbid = { isNotified: false, isLiveToo: true };
    return (await deps.auctions.couldNotOpen(auction.id, "busy", ifUnbid)) ?? auction;
  }
  await scheduleHammer(auction, deps);
  if (outcome === "busy") {
    deps.log.error("Another auction has taken the channel of one that was lost", undefined, {
      auction: auction.id,
    });
    return auction;
  }
  return (await deps.auctions.resume(auction.id, now)) ?? auction;
}
