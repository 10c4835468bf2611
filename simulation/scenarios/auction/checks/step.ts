import type { PlainAuction } from "../../../models/auction.ts";
import { mustEqual, mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import { auctionLogOf, type Shown } from "../auction-log.ts";
import { noteBoards } from "../board-watch.ts";
import { numbersInRedis, type StoredAuction } from "../books.ts";
import { replayNow } from "../replay.ts";
import { troublesWithin } from "../troubles.ts";
import { checkReruns } from "./control.ts";

const MOST = 99_999_999;
/** The allowed transitions of an auction. */
const MOVES: Readonly<Record<string, readonly string[]>> = {
  planned: ["live", "cancelled", "sold", "unsold", "void"],
  live: ["sold", "unsold", "cancelled", "void"],
  sold: ["void"],
  unsold: ["void", "sold"],
};

/** A1, A2, A3, A5, A8, A10, A13 and N3 of docs/invariants.md. */
export async function checkAuctionStep(stage: Stage): Promise<void> {
  noteBoards(stage);
  const auctions = await replayNow(stage);
  for (const { auction, plain } of auctions) {
    checkMoves(stage, auction);
    checkAmounts(auction);
    checkBoards(stage, auction, plain);
    await checkRedis(stage, auction);
  }
  checkReruns(stage, auctions);
}

/** Decided and recorded facts do not change. */
function checkMoves(stage: Stage, auction: StoredAuction): void {
  const { seen } = auctionLogOf(stage);
  const { id, state, price, leader, endsAtMs = 0 } = auction;
  const nowMs = stage.cloud.clock.nowMs();
  const before = seen.get(id);
  const record = auction.record.map((bid) => JSON.stringify(bid));
  if (before) {
    const isMove = before.state === state || (MOVES[before.state] ?? []).includes(state);
    const isLaterSale = before.state === "unsold" && state === "sold";
    mustHold(
      "A6",
      !isLaterSale || auction.isReserveWaived,
      () => `auction ${id} was sold after the hammer with its reserve`,
    );
    mustHold("A8", isMove, () => `auction ${id} went from ${before.state} to ${state}`);
    const kept = record.slice(0, before.record.length);
    mustEqual("A5", `what was recorded of auction ${id}`, kept, before.record);
    if (["sold", "unsold"].includes(before.state)) {
      const result = [before.price, before.leader];
      mustEqual("A1", `the result of auction ${id}`, [price, leader], result);
    }
  }
  const isHammered = ["sold", "unsold"].includes(state);
  const isEarly = isHammered && nowMs < endsAtMs;
  mustHold("A3", !isEarly, () => `the hammer of auction ${id} fell before its end`);
  const last = auction.record.at(-1);
  mustEqual(
    "A5",
    `what auction ${id} has of its last bid`,
    [auction.sequence, leader, auction.bids],
    [last?.sequence ?? 0, last?.leader, last?.bids ?? 0],
  );
  const liveAtMs = ["planned", "live"].includes(state) ? nowMs : (before?.liveAtMs ?? 0);
  seen.set(id, { state, price, leader, record, liveAtMs });
}

function checkAmounts({ id, record }: StoredAuction): void {
  for (const { sequence, amount, max, price, ceiling } of record) {
    for (const each of [amount, max, price, ceiling]) {
      const isRight = Number.isInteger(each) && each >= 0 && each <= MOST;
      mustHold("A10", isRight, () => `bid ${sequence} of auction ${id} has the amount ${each}`);
    }
  }
}

async function checkRedis(stage: Stage, { id }: StoredAuction): Promise<void> {
  for (const text of await numbersInRedis(stage, id)) {
    const isState = /^\d+ \d+ \d+ \d+ \d+ (?:\d+|-) \d+ \d+ \d+ \d+$/.test(text);
    const isBid = /^\d+ (?:bid|ceiling|removal) \d+ \d+ \d+ (?:\d+|-)$/.test(text);
    // After a pause the stream begins with the last recorded bid, as an anchor.
    const isAnchor = /^\d+ anchor - 0 0 -$/.test(text);
    mustHold("A10", isState || isBid || isAnchor, () => `Redis has "${text}" of auction ${id}`);
  }
}

/** Whether the lock that orders a board's edits may have been lost during an edit. */
function hasLostOrder(stage: Stage): boolean {
  const isOfInstance = stage.faults.appliedFaults.some(({ kind }) =>
    /stands still|frozen/.test(kind),
  );
  const troubles = troublesWithin(stage, 0, stage.cloud.clock.nowMs());
  return isOfInstance || troubles.some(({ isOfRedis, isLoss }) => isOfRedis || isLoss);
}

/** Whether a board shows that nobody's bid counts any more. */
function isEmptied({ leader }: Pick<Shown, "leader">, { moments }: PlainAuction): boolean {
  return leader === undefined && moments.some(({ bids, ranked }) => bids > 0 && !ranked[0]);
}

/** Boards show recorded states, and move only forward while their edits are ordered. */
function checkBoards(stage: Stage, auction: StoredAuction, plain: PlainAuction): void {
  const newest = new Map<string, number>();
  for (const { auctionId, messageId, ...shown } of auctionLogOf(stage).shown) {
    if (auctionId !== auction.id) continue;
    // A ceiling that reaches the reserve changes the price without being a bid.
    const moments = plain.moments.filter(({ bids }) => bids === shown.bids);
    const moment =
      moments.findLast(({ price, ranked }) => {
        return price === shown.price && ranked[0]?.bidder === shown.leader;
      }) ??
      moments.findLast(({ price }) => price === shown.price) ??
      moments.at(-1);
    const what = `what a board of auction ${auction.id} showed after ${shown.bids} bids`;
    mustHold("A5", moment !== undefined, () => `${what} is not recorded`);
    const [leader] = moment.ranked;
    const price = moment.price || auction.startPrice;
    mustEqual("A5", what, [shown.price, shown.leader], [price, leader?.bidder]);
    const before = newest.get(messageId) ?? 0;
    const isExcused = hasLostOrder(stage) || isEmptied(shown, plain);
    mustHold(
      "N3",
      shown.bids >= before || isExcused,
      () => `${what} came after one with ${before} bids`,
    );
    newest.set(messageId, shown.bids);
  }
}
