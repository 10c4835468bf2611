import { mustHold } from "../rules.ts";
import type { Stage } from "../stage.ts";
import type { Replayed } from "./answer-checks.ts";
import { houseOf } from "./house.ts";

/** How old a board may be while people bid, and how often it was looked at. */
const BOARD_AGE_MS = 2_000;
const LOOKED_EVERY_MS = 100;
const HOUR_MS = 3_600_000;
/** What one failed call of Redis may cost a board, and what Redis's losses may cost bidding. */
const REPAIRED_WITHIN_MS = 15_000;
const RESTORED_WITHIN_MS = 20 * 60_000;
/** A strike that is longer ago has no effect on an answer. */
const STRUCK_BEFORE_MS = 25_000;
const LOCKED_MS = 60_000;
const PAUSED = /^Bidding pauses/;
const UNKNOWN = /^I couldn't hear back in time|^I couldn't reach the auction|^$/;

/** While nothing goes wrong, boards keep up with the bids, and every bid is answered in time. */
export function checkLiveness(stage: Stage, auctions: readonly Replayed[]): void {
  const { bids, shown } = houseOf(stage);
  checkBidding(stage);
  checkLostBids(stage, auctions);
  if (stage.swarm.kinds.size > 0) {
    checkRepair(stage, auctions);
    return;
  }
  for (const bid of bids) {
    mustHold("Liveness", bid.answer !== "", () => `bid ${bid.id} was not answered in 3 seconds`);
  }
  for (const { auction } of auctions) {
    for (const { kind, sequence, atMs, bids: number } of auction.record) {
      if (kind !== "bid") continue;
      for (const { messageId } of auction.boards) {
        const posted = shown.find((each) => each.messageId === messageId);
        if (!posted || posted.atMs > atMs) continue;
        // simulation/known-defects.md, auction, Liveness: boards older than an hour.
        if (posted.atMs + HOUR_MS <= atMs + BOARD_AGE_MS) continue;
        const first = shown.find((each) => each.messageId === messageId && each.bids >= number);
        const ageMs = (first?.atMs ?? Number.POSITIVE_INFINITY) - atMs;
        mustHold(
          "Liveness",
          ageMs - slowMs(stage, atMs, atMs + ageMs) <= BOARD_AGE_MS + LOOKED_EVERY_MS,
          () =>
            `a board of auction ${auction.id} showed bid ${sequence} of ${new Date(atMs).toISOString()} only ${ageMs} ms later`,
        );
      }
    }
  }
}

/** What single calls of others took unusually long, within a time: that is not ours. */
function slowMs({ faults }: Stage, fromMs: number, toMs: number): number {
  const within = faults.slowCalls.filter((call) => call.fromMs < toMs && call.toMs > fromMs);
  return within.reduce((total, call) => total + call.toMs - call.fromMs, 0);
}

/** Bidding goes on soon after Redis has lost something, and is answered while nothing goes wrong. */
function checkBidding(stage: Stage): void {
  const { bids, losses } = houseOf(stage);
  for (const { id, answer, sentAtMs, heardAtMs } of bids) {
    const isOfLoss = losses.some(
      ({ atMs }) => atMs <= heardAtMs && sentAtMs - atMs < RESTORED_WITHIN_MS,
    );
    if (isOfLoss || !(PAUSED.test(answer) || UNKNOWN.test(answer))) continue;
    const isOfTrouble = strikesWithin(stage, sentAtMs - STRUCK_BEFORE_MS, heardAtMs).length > 0;
    const isSlow = slowMs(stage, sentAtMs - STRUCK_BEFORE_MS, heardAtMs) > 0;
    const isOfOwn = PAUSED.test(answer) || (!isOfTrouble && !isSlow);
    mustHold("Liveness", !isOfOwn, () => `bid ${id} was answered "${answer}" without a reason`);
  }
}

/** N1: a bidder whose bid was accepted and then lost is notified. */
function checkLostBids(stage: Stage, auctions: readonly Replayed[]): void {
  const { bids, silent } = houseOf(stage);
  const recorded = new Set(
    auctions.flatMap(({ auction }) => auction.record.map((bid) => bid.bidId)),
  );
  for (const { id, answer, bidder, heardAtMs } of bids) {
    if (recorded.has(id) || bidder === silent || !/^You lead at |secret ceiling/.test(answer))
      continue;
    const later = stage.discord
      .dms(bidder)
      .filter(({ timestamp }) => Date.parse(timestamp) > heardAtMs);
    mustHold("N1", later.length > 0, () => `nobody said that bid ${id} is lost; heard: ${answer}`);
  }
}

/** Where nothing but single calls of Redis failed, boards catch up in seconds. */
function checkRepair(stage: Stage, auctions: readonly Replayed[]): void {
  const { shown, losses } = houseOf(stage);
  for (const { auction } of auctions) {
    for (const { kind, sequence, atMs, bids: number } of auction.record) {
      if (kind !== "bid" || losses.some((loss) => loss.atMs <= atMs + HOUR_MS)) continue;
      for (const { messageId } of auction.boards) {
        const posted = shown.find((each) => each.messageId === messageId);
        if (!posted || posted.atMs > atMs || posted.atMs + HOUR_MS <= atMs + LOCKED_MS) continue;
        const first = shown.find((each) => each.messageId === messageId && each.bids >= number);
        const ageMs = (first?.atMs ?? Number.POSITIVE_INFINITY) - atMs;
        const isOfOthers = strikesWithin(
          stage,
          atMs - LOCKED_MS,
          atMs + Math.min(ageMs, LOCKED_MS),
        );
        if (isOfOthers.some((struck) => !struck.startsWith("upstash "))) continue;
        const mostMs = REPAIRED_WITHIN_MS + slowMs(stage, atMs, atMs + ageMs);
        mustHold(
          "Liveness",
          ageMs <= mostMs,
          () => `a board of auction ${auction.id} showed bid ${sequence} only ${ageMs} ms later`,
        );
      }
    }
  }
}

function strikesWithin({ faults }: Stage, fromMs: number, toMs: number): string[] {
  return faults.strikes.flatMap(({ atMs, kind }) => (atMs >= fromMs && atMs <= toMs ? [kind] : []));
}
