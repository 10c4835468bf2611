import type { Deps } from "../deps.ts";
import type { Auction } from "../domain/auction.ts";
import type { EngineProgress } from "../engine/read.ts";
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
 * Copies what Redis has accepted by now into the audit record, and gives the auction after it; what comes
 * meanwhile is for the next run. Where Redis has lost the auction or a part of it, or went on from another
 * history than the record's, what is left of it is recorded first; then it is restored from the record. What it
 * had accepted beyond that is lost. Where the auction is over, Redis takes no more bids for it from then on:
 * whoever cancelled it may have died before, or found it half open.
 *
 * Idempotency: a bid is recorded under its sequence number, once, however many run at the same time; so this
 * needs no lock. Crash safety: the next run goes on after the last recorded one.
 */
export async function recordBids(before: Auction, deps: RecordBidsDeps): Promise<Auction> {
  if (before.state === "cancelled") await cancelInRedis(before, deps);
  // All that counts was recorded before the result; a Redis that has lost its hammer may have gone on.
  if (["sold", "unsold", "void"].includes(before.state)) {
    const channelIds = before.boards.map(({ channelId }) => channelId);
    await deps.auctionEngine.close({ auctionId: before.id, channelIds }, "now");
    return before;
  }
  const progress = await deps.auctionEngine.progress(before.id);
  if (!progress) return restore(before, deps);
  const { sequence, newest, bidders } = progress;
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
    // What came since is for the next run: the number of bidders is of that moment.
    const counted = bids.filter((bid) => bid.sequence <= upTo);
    await deps.bids.record(auction.id, counted, bidders);
    auction = (await deps.auctions.get(auction.id)) ?? auction;
  }
  return isBehind || sequence < newest ? restore(auction, deps) : auction;
}

/** An end that the record has moved further is moved in Redis again: it has lost that. */
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

/** The auction as it is now, where another run has recorded more since it was read. */
async function moved(
  auction: Auction,
  { auctions }: Pick<Deps, "auctions">,
): Promise<Auction | undefined> {
  const now = await auctions.get(auction.id);
  return now && sequenceOf(now) !== sequenceOf(auction) ? now : undefined;
}

/**
 * Gives Redis back what it has lost, where the auction runs. Bidding was paused meanwhile, so at least a minute
 * is left. Idempotency: a repeat finds Redis whole and changes nothing.
 */
async function restore(before: Auction, deps: RecordBidsDeps): Promise<Auction> {
  if (before.state !== "live") return before;
  deps.log.warn("Redis had lost an auction; it is restored from the record", {
    auction: before.id,
    sequence: sequenceOf(before),
  });
  const now = await deps.auctionEngine.now();
  // Where nothing is recorded it may not have got as far as Redis: then nobody is told of a pause.
  if (before.recorded) await deps.auctions.pause(before.id, now);
  const resumedAt = new Date(now.getTime() + MIN_LEFT_AFTER_PAUSE_MS);
  const auction = (await deps.auctions.prolong(before.id, resumedAt)) ?? before;
  if (auction.state !== "live") return auction;
  const commitments = commitmentsOf(await deps.bids.all(auction.id));
  const outcome = await putIntoRedis(auction, commitments, deps);
  if (outcome === "over") return (await deps.auctions.get(auction.id)) ?? auction;
  if (outcome === "busy" && !auction.recorded) {
    // It never got as far as Redis when it opened, or nobody had bid.
    return (await deps.auctions.couldNotOpen(auction.id, "busy", { isNotified: false })) ?? auction;
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
