import { TASKS_DEADLINE_MS } from "../../../functions/auctions/bidding/board-requests.ts";
import { snowflakeTimeMs } from "../../../shared/discord/snowflake.ts";
import { mustHold } from "../../rules.ts";
import type { Stage } from "../../stage.ts";
import { auctionLogOf, type PlacedBid, type Replayed } from "./auction-log.ts";
import { checkBoardAges } from "./board-ages.ts";
import { checkRecordLags } from "./record-lags.ts";
import { slowMs, type Trouble, troublesWithin } from "./troubles.ts";

/** How soon bidding continues after somebody has noticed that Redis lost an auction. */
const RESTORED_WITHIN_MS = 30_000;
/**
 * Faults longer ago than this have no effect any more: no instance is frozen for longer, and no
 * lock lasts longer.
 */
const FAULT_EFFECT_MS = 75_000;
const PAUSED = /^Bidding pauses/;
const NONE_HERE = /^There's no auction in this channel/;
const UNKNOWN = /^I didn't get an answer in time|^I couldn't reach the auction|^$/;

/**
 * Liveness and N1 of docs/invariants.md for bidders: answers in time, boards that keep up, notices
 * of lost bids.
 */
export function checkLiveness(stage: Stage, auctions: readonly Replayed[]): void {
  checkAnswered(stage);
  checkBidding(stage, auctions);
  checkLostBids(stage, auctions);
  checkBoardAges(stage, auctions);
  checkRecordLags(stage, auctions);
}

function checkAnswered(stage: Stage): void {
  if (stage.swarm.kinds.size > 0) return;
  for (const { id, answer } of auctionLogOf(stage).bids) {
    mustHold("Liveness", answer !== "", () => `bid ${id} was not answered in 3 seconds`);
  }
}

/** Bids are decided while there are no faults, and again soon after a loss in Redis. */
function checkBidding(stage: Stage, auctions: readonly Replayed[]): void {
  const { bids, losses } = auctionLogOf(stage);
  const undecided = bids.flatMap((bid) => {
    const auctionId = isUndecided(bid) ? auctionOf(stage, auctions, bid) : undefined;
    return auctionId === undefined ? [] : [{ ...bid, auctionId }];
  });
  for (const bid of undecided) {
    const { id, auctionId, answer, sentAtMs, answeredAtMs } = bid;
    const loss = losses.findLast(({ atMs }) => atMs <= answeredAtMs);
    const fromMs = Math.min(loss?.atMs ?? sentAtMs, sentAtMs) - FAULT_EFFECT_MS;
    const troubles = troublesWithin(stage, fromMs, answeredAtMs).filter(({ isLoss }) => !isLoss);
    // Slow calls explain a bid without a decision, but not that its auction is missing.
    const isSlow =
      UNKNOWN.test(answer) && slowMs(stage, sentAtMs - FAULT_EFFECT_MS, answeredAtMs) > 0;
    const isOfLoss = loss !== undefined && isSoonAfter(stage, loss.atMs, bid, undecided, troubles);
    const isOfTrouble = troubles.some(({ toMs }) => toMs >= sentAtMs - FAULT_EFFECT_MS);
    // If an instance ended or stood still while it opened the auction, Redis lacks it until another one restores it.
    const wasDecided = bids.some(
      (other) =>
        other.answeredAtMs < sentAtMs &&
        other.answer !== "" &&
        !isUndecided(other) &&
        auctionOf(stage, auctions, other) === auctionId,
    );
    const isOpening = !wasDecided && troubles.some(({ isEnd, isStall }) => isEnd || isStall);
    const isOfOwn = !loss && !isOpening && PAUSED.test(answer);
    mustHold(
      "Liveness",
      isOfLoss || (!isOfOwn && (isOfTrouble || isSlow)),
      () => `bid ${id} in auction ${auctionId} was answered "${answer}" without a reason`,
    );
  }
}

/**
 * Whether a loss could not be noticed yet, or was noticed just now; each later fault restarts this
 * period.
 */
function isSoonAfter(
  stage: Stage,
  lostAtMs: number,
  bid: PlacedBid,
  undecided: readonly PlacedBid[],
  troubles: readonly Trouble[],
): boolean {
  const beginsMs = Math.max(lostAtMs, ...troubles.map(({ toMs }) => toMs));
  const noticed = undecided.find(
    ({ auctionId, sentAtMs }) => auctionId === bid.auctionId && sentAtMs > beginsMs,
  );
  const withinMs = RESTORED_WITHIN_MS + (troubles.length > 0 ? FAULT_EFFECT_MS : 0);
  if (!noticed) return true;
  const tookMs = slowMs(stage, noticed.sentAtMs, bid.sentAtMs);
  return bid.sentAtMs < noticed.answeredAtMs + withinMs + tookMs;
}

function isUndecided({ answer }: PlacedBid): boolean {
  return PAUSED.test(answer) || NONE_HERE.test(answer) || UNKNOWN.test(answer);
}

/** The auction that was open for the whole duration of a bid; undefined if there was none. */
function auctionOf(
  stage: Stage,
  auctions: readonly Replayed[],
  { auctionId, channelId, sentAtMs, answeredAtMs }: PlacedBid,
): string | undefined {
  const { seen } = auctionLogOf(stage);
  const found = auctions.find(({ auction: { id, boards, openedAtMs, endsAtMs = 0 } }) => {
    const isMeant =
      auctionId === undefined
        ? boards.some((each) => each.channelId === channelId && isPosted(each, sentAtMs))
        : auctionId === id;
    const { liveAtMs = 0 } = seen.get(id) ?? {};
    const isOpen = openedAtMs !== undefined && openedAtMs + OPENED_WITHIN_MS <= sentAtMs;
    return isMeant && isOpen && answeredAtMs <= liveAtMs && answeredAtMs < endsAtMs;
  });
  return found?.auction.id;
}

/** Whether a board existed at that time; before that people in its channel could not bid. */
function isPosted({ messageId }: { readonly messageId?: string | undefined }, atMs: number) {
  return messageId === undefined || snowflakeTimeMs(messageId) < atMs;
}

/** After an auction's start time, Redis has it and its first board exists within this time. */
const OPENED_WITHIN_MS = 10_000;

/** N1: a bidder is notified when their accepted bid is lost, unless its check had not been scheduled yet. */
function checkLostBids(stage: Stage, auctions: readonly Replayed[]): void {
  const { bids, silent } = auctionLogOf(stage);
  const slowTasks = stage.faults.slowCalls.filter(({ what }) => what === "tasks CreateTask");
  const recorded = new Set(
    auctions.flatMap(({ auction }) => auction.record.map((bid) => bid.bidId)),
  );
  for (const { id, answer, bidder, sentAtMs, answeredAtMs } of bids) {
    if (recorded.has(id) || bidder === silent || !/^You lead at |secret ceiling/.test(answer))
      continue;
    const isBeforeTask =
      answeredAtMs - sentAtMs >= TASKS_DEADLINE_MS &&
      slowTasks.some(({ fromMs, toMs }) => fromMs <= answeredAtMs && toMs > answeredAtMs);
    if (isBeforeTask) continue;
    const later = stage.discord
      .dms(bidder)
      .filter(({ timestamp }) => Date.parse(timestamp) > answeredAtMs);
    mustHold(
      "N1",
      later.length > 0,
      () => `nobody was notified that bid ${id} is lost; its bidder read: ${answer}`,
    );
  }
}
