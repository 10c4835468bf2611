import { mustHold } from "../../rules.ts";
import type { Stage } from "../../stage.ts";
import { auctionLogOf, type Replayed, skewOf } from "./auction-log.ts";
import type { StoredBid } from "./books.ts";
import { slowMs, type Trouble, troublesWithin } from "./troubles.ts";

/** The maximum age of a board while people bid, besides the interval of observation. */
const BOARD_AGE_MS = 2_000;
const LOOKED_EVERY_MS = 200;
/** How soon a board must be correct after Redis's last failed call, and after any other fault. */
const REPAIRED_WITHIN_MS = 15_000;
const SWEPT_WITHIN_MS = 20 * 60_000;
/** Faults longer ago than this have no effect any more: no instance is frozen for longer. */
const LOCKED_MS = 75_000;

/** Checks that boards keep up with the bids and catch up soon after a fault. */
export function checkBoardAges(stage: Stage, auctions: readonly Replayed[]): void {
  const answeredAt = new Map(
    auctionLogOf(stage).bids.flatMap(({ id, answer, answeredAtMs }) =>
      answer ? [[id, answeredAtMs]] : [],
    ),
  );
  for (const { auction } of auctions) {
    const sinceMs = auction.record.map(({ bidId, atMs }) => answeredAt.get(bidId) ?? atMs);
    for (const { messageId } of auction.boards) {
      const shown = auctionLogOf(stage).shown.filter((each) => each.messageId === messageId);
      const posted = shown[0];
      if (!posted) continue;
      for (const [index, bid] of auction.record.entries()) {
        const fromMs = sinceMs[index] ?? bid.atMs;
        if (bid.kind !== "bid" || posted.atMs > Math.min(fromMs, bid.atMs)) continue;
        const first = shown.find(({ bids }) => bids >= bid.bids);
        // Once nobody's bid counts any more, a board shows none.
        const emptied = auction.record.slice(index).find(({ leader }) => leader === undefined);
        const never = Number.POSITIVE_INFINITY;
        const untilMs = Math.min(first?.atMs ?? never, emptied?.atMs ?? never);
        checkAge(stage, { auctionId: auction.id, bid, fromMs, untilMs });
      }
    }
  }
}

function checkAge(
  stage: Stage,
  age: {
    readonly auctionId: string;
    readonly bid: StoredBid;
    readonly fromMs: number;
    readonly untilMs: number;
  },
): void {
  const { auctionId, bid, fromMs, untilMs } = age;
  if (untilMs - fromMs <= BOARD_AGE_MS + LOOKED_EVERY_MS) return;
  const troubles = troublesWithin(stage, fromMs - LOCKED_MS, untilMs);
  const ofRedis = troubles.filter(({ isOfRedis }) => isOfRedis);
  const others = troubles.filter(({ isOfRedis }) => !isOfRedis);
  // A task is due by the clock of the instance that creates it.
  const slackMs = slowMs(stage, fromMs, untilMs) + skewOf(stage);
  const check = (dueMs: number, hinders: readonly Trouble[], what: string) =>
    mustHold(
      "Liveness",
      untilMs <= dueMs + slackMs || hinders.some(({ fromMs: atMs }) => atMs <= dueMs + slackMs),
      () =>
        `a board of auction ${auctionId} showed bid ${bid.sequence} of ${new Date(bid.atMs).toISOString()} only ${untilMs - fromMs} ms later, ${what}`,
    );
  check(fromMs + BOARD_AGE_MS + LOOKED_EVERY_MS, troubles, "and nothing went wrong");
  check(dueAfter(fromMs, ofRedis, REPAIRED_WITHIN_MS), others, "after Redis's troubles");
  // Which is when the next sweep finds it.
  const seldom = stage.seldomSwept.filter((time) => time.fromMs < untilMs && time.toMs > fromMs);
  if (seldom.length > 0) return;
  check(dueAfter(fromMs, troubles, SWEPT_WITHIN_MS), [], "long after the last fault");
}

/** The deadline after the last fault that preceded it. */
function dueAfter(fromMs: number, troubles: readonly Trouble[], withinMs: number): number {
  const inOrder = troubles.toSorted((one, other) => one.fromMs - other.fromMs);
  return inOrder.reduce(
    (dueMs, trouble) =>
      trouble.fromMs <= dueMs ? Math.max(dueMs, trouble.toMs + withinMs) : dueMs,
    fromMs + withinMs,
  );
}
