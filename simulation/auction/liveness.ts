import { snowflakeTimeMs } from "../../shared/discord/snowflake.ts";
import { mustHold } from "../rules.ts";
import type { Stage } from "../stage.ts";
import { auctionLogOf, type PlacedBid, type Replayed } from "./auction-log.ts";
import { checkBoardAges } from "./board-ages.ts";
import { checkRecordLags } from "./record-lags.ts";
import { slowMs, type Trouble, troublesWithin } from "./troubles.ts";

/** Once somebody has noticed that Redis lost an auction, bidding goes on so soon. */
const RESTORED_WITHIN_MS = 30_000;
/** What was struck longer ago has no effect any more: no instance stands still for longer, and no lock is kept. */
const STRUCK_BEFORE_MS = 75_000;
const PAUSED = /^Bidding pauses/;
const NONE_HERE = /^There's no auction in this channel/;
const UNKNOWN = /^I couldn't hear back in time|^I couldn't reach the auction|^$/;

/** Liveness and N1 of docs/invariants.md, for those who bid: answers in time, boards that keep up, news of lost bids. */
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

/** Bids are decided while nothing goes wrong, and again soon after Redis has lost something. */
function checkBidding(stage: Stage, auctions: readonly Replayed[]): void {
  const { bids, losses } = auctionLogOf(stage);
  const undecided = bids.flatMap((bid) => {
    const auctionId = isUndecided(bid) ? auctionOf(stage, auctions, bid) : undefined;
    return auctionId === undefined ? [] : [{ ...bid, auctionId }];
  });
  for (const bid of undecided) {
    const { id, auctionId, answer, sentAtMs, heardAtMs } = bid;
    const loss = losses.findLast(({ atMs }) => atMs <= heardAtMs);
    const fromMs = Math.min(loss?.atMs ?? sentAtMs, sentAtMs) - STRUCK_BEFORE_MS;
    const troubles = troublesWithin(stage, fromMs, heardAtMs).filter(({ isLoss }) => !isLoss);
    // What is slow leaves a bid without a decision; that its auction is not there it does not explain.
    const isSlow =
      UNKNOWN.test(answer) && slowMs(stage, sentAtMs - STRUCK_BEFORE_MS, heardAtMs) > 0;
    const isOfLoss = loss !== undefined && isSoonAfter(stage, loss.atMs, bid, undecided, troubles);
    const isOfTrouble = troubles.some(({ toMs }) => toMs >= sentAtMs - STRUCK_BEFORE_MS);
    // Where an instance ended while it opened the auction, Redis does not have it before that is repeated.
    const { openedAtMs = 0 } =
      auctions.find(({ auction }) => auction.id === auctionId)?.auction ?? {};
    const isOpening =
      sentAtMs < openedAtMs + STRUCK_BEFORE_MS && troubles.some(({ isEnd }) => isEnd);
    const isOfOwn = !loss && !isOpening && PAUSED.test(answer);
    mustHold(
      "Liveness",
      isOfLoss || (!isOfOwn && (isOfTrouble || isSlow)),
      () => `bid ${id} in auction ${auctionId} was answered "${answer}" without a reason`,
    );
  }
}

/** Whether nobody can have noticed a loss, or it was noticed just before: what went wrong since begins it anew. */
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
  const withinMs = RESTORED_WITHIN_MS + (troubles.length > 0 ? STRUCK_BEFORE_MS : 0);
  if (!noticed) return true;
  const tookMs = slowMs(stage, noticed.sentAtMs, bid.sentAtMs);
  return bid.sentAtMs < noticed.heardAtMs + withinMs + tookMs;
}

function isUndecided({ answer }: PlacedBid): boolean {
  return PAUSED.test(answer) || NONE_HERE.test(answer) || UNKNOWN.test(answer);
}

/** The auction that was open all the while somebody bid, there or by its button; undefined where none was. */
function auctionOf(
  stage: Stage,
  auctions: readonly Replayed[],
  { auctionId, channelId, sentAtMs, heardAtMs }: PlacedBid,
): string | undefined {
  const { seen } = auctionLogOf(stage);
  const found = auctions.find(({ auction: { id, boards, openedAtMs, endsAtMs = 0 } }) => {
    const isMeant =
      auctionId === undefined
        ? boards.some((each) => each.channelId === channelId && isPosted(each, sentAtMs))
        : auctionId === id;
    const { liveAtMs = 0 } = seen.get(id) ?? {};
    const isOpen = openedAtMs !== undefined && openedAtMs + OPENED_WITHIN_MS <= sentAtMs;
    return isMeant && isOpen && heardAtMs <= liveAtMs && heardAtMs < endsAtMs;
  });
  return found?.auction.id;
}

/** Whether a board was there at that time: until then people in its channel could not bid. */
function isPosted({ messageId }: { readonly messageId?: string | undefined }, atMs: number) {
  return messageId === undefined || snowflakeTimeMs(messageId) < atMs;
}

/** After its clock has started, an auction comes to Redis and to its first board. */
const OPENED_WITHIN_MS = 10_000;

/** N1: a bidder whose bid was accepted and then lost is notified. */
function checkLostBids(stage: Stage, auctions: readonly Replayed[]): void {
  const { bids, silent } = auctionLogOf(stage);
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
