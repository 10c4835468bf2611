import { mustHold } from "../rules.ts";
import type { Stage } from "../stage.ts";
import type { StoredBid } from "./books.ts";
import { houseOf, type Replayed, skewOf } from "./house.ts";
import { slowMs, type Trouble, troublesWithin } from "./troubles.ts";

/** How old a board may be while people bid, and how often it was looked at. */
const BOARD_AGE_MS = 2_000;
const LOOKED_EVERY_MS = 200;
/** After the last of Redis's failed calls a board is right again so soon, and after any other fault. */
const REPAIRED_WITHIN_MS = 15_000;
const SWEPT_WITHIN_MS = 20 * 60_000;
/** What went wrong so long before has no effect any more. */
const LOCKED_MS = 75_000;
const HOUR_MS = 3_600_000;
/** Bids that follow each other within this are one war. */
const WAR_GAP_MS = 500;

/** Boards keep up with the bids, and catch up soon after something went wrong. */
export function checkBoardAges(stage: Stage, auctions: readonly Replayed[]): void {
  const heard = new Map(
    houseOf(stage).bids.flatMap(({ id, answer, heardAtMs }) => (answer ? [[id, heardAtMs]] : [])),
  );
  for (const { auction } of auctions) {
    const sinceMs = auction.record.map(({ bidId, atMs }) => heard.get(bidId) ?? atMs);
    // simulation/known-defects.md, auction, "boards-stop".
    const dueMs = stage.isJudged("boards-stop") ? sinceMs : endsOfWars(sinceMs);
    for (const { messageId } of auction.boards) {
      const shown = houseOf(stage).shown.filter((each) => each.messageId === messageId);
      const posted = shown[0];
      if (!posted) continue;
      for (const [index, bid] of auction.record.entries()) {
        const fromMs = dueMs[index] ?? bid.atMs;
        if (bid.kind !== "bid" || posted.atMs > Math.min(fromMs, bid.atMs)) continue;
        const first = shown.find(({ bids }) => bids >= bid.bids);
        const untilMs = first?.atMs ?? Number.POSITIVE_INFINITY;
        // simulation/known-defects.md, auction, "old-boards".
        if (posted.atMs + HOUR_MS <= untilMs && !stage.isJudged("old-boards")) continue;
        checkAge(stage, { auctionId: auction.id, bid, fromMs, untilMs });
      }
    }
  }
}

/** Of each bid when the war that it was made in was over. */
function endsOfWars(atMs: readonly number[]): number[] {
  const ends = [...atMs];
  for (let index = ends.length - 2; index >= 0; index -= 1) {
    const [own = 0, next = 0] = [atMs[index], atMs[index + 1]];
    if (next - own <= WAR_GAP_MS) ends[index] = ends[index + 1] ?? own;
  }
  return ends;
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
  // A task is due by the clock of whoever asks for it.
  const slackMs = slowMs(stage, fromMs, untilMs) + skewOf(stage);
  const check = (dueMs: number, hinders: readonly Trouble[], what: string) =>
    mustHold(
      "Liveness",
      untilMs <= dueMs + slackMs || hinders.some(({ fromMs: atMs }) => atMs <= dueMs),
      () =>
        `a board of auction ${auctionId} showed bid ${bid.sequence} of ${new Date(bid.atMs).toISOString()} only ${untilMs - fromMs} ms later, ${what}`,
    );
  check(fromMs + BOARD_AGE_MS + LOOKED_EVERY_MS, troubles, "and nothing went wrong");
  check(dueAfter(fromMs, ofRedis, REPAIRED_WITHIN_MS), others, "after Redis's troubles");
  check(dueAfter(fromMs, troubles, SWEPT_WITHIN_MS), [], "long after the last fault");
}

/** So long after the last trouble that came before it was due. */
function dueAfter(fromMs: number, troubles: readonly Trouble[], withinMs: number): number {
  const inOrder = troubles.toSorted((one, other) => one.fromMs - other.fromMs);
  return inOrder.reduce(
    (dueMs, trouble) =>
      trouble.fromMs <= dueMs ? Math.max(dueMs, trouble.toMs + withinMs) : dueMs,
    fromMs + withinMs,
  );
}
