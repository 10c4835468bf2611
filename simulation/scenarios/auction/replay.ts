import { PlainAuction, refusalOf } from "../../models/auction.ts";
import { mustEqual, mustHold } from "../../rules.ts";
import type { Stage } from "../../stage.ts";
import { auctionLogOf, losesBids, type Replayed, skewOf } from "./auction-log.ts";
import { openBooks, recordOf, type StoredAuction, type StoredBid } from "./books.ts";

/** The most by which all counter-bids together extend an auction. */
const MAX_EXTENSION_MS = 10 * 60_000;
const TOO_FAST_MS = 1000;

/** All current auctions; unchanged ones are not read again. */
export async function replayNow(stage: Stage): Promise<Replayed[]> {
  const { replayed, losses } = auctionLogOf(stage);
  const now: Replayed[] = [];
  for (const book of await openBooks(stage)) {
    const before = replayed.get(book.id);
    const isSame =
      before?.losses === losses.length &&
      JSON.stringify({ ...before.auction, record: [] }) === JSON.stringify({ ...book, record: [] });
    if (before && isSame) {
      now.push(before);
      continue;
    }
    const auction = { ...book, record: await recordOf(stage, book.id) };
    const after = { auction, plain: replay(stage, auction), losses: losses.length };
    replayed.set(book.id, after);
    now.push(after);
  }
  return now;
}

/** Replays an auction's record with the reference model. Throws RuleBroken where it disagrees. */
export function replay(stage: Stage, auction: StoredAuction): PlainAuction {
  const { losses } = auctionLogOf(stage);
  const slackMs = TOO_FAST_MS + skewOf(stage);
  const { id, seller, startPrice, reserve, increment, counterBidMs, record } = auction;
  const endsAtMs = (auction.openedAtMs ?? 0) + auction.durationMs;
  const latestEndMs = endsAtMs + MAX_EXTENSION_MS;
  const terms = { seller, startPrice, reserve, increment, counterBidMs, endsAtMs, latestEndMs };
  const plain = new PlainAuction(terms);
  for (const [index, bid] of record.entries()) {
    mustEqual(
      "A2",
      `the sequence number of bid ${index + 1} of auction ${id}`,
      bid.sequence,
      index + 1,
    );
    const lossBefore = losses.some((loss) => losesBids(loss) && loss.atMs <= bid.atMs + slackMs);
    // It may have been paused or have opened late.
    take(plain, bid, `bid ${bid.sequence} of auction ${id}`, { index, lossBefore });
  }
  return plain;
}

function take(
  plain: PlainAuction,
  bid: StoredBid,
  what: string,
  { index, lossBefore }: { readonly index: number; readonly lossBefore: boolean },
): void {
  if (bid.kind === "removal") {
    takeRemoval(plain, bid, what, lossBefore);
    return;
  }
  const { bidder, amount, max, atMs } = bid;
  const before = plain.now;
  // The record does not show whether an unusual amount was confirmed.
  const request = { bidder, amount, max, isConfirmed: true };
  const refusal = refusalOf(request, before, plain.terms);
  const rule = refusal === "own-auction" ? "A8" : "A2";
  mustHold(rule, refusal === undefined, () => `${what} was accepted although it is ${refusal}`);
  mustHold("A2", atMs >= before.atMs, () => `${what} is earlier than the one before`);
  const isPaused = lossBefore || index === 0;
  if (isPaused && atMs >= before.endsAtMs) plain.prolong(bid.endsAtMs);
  mustHold("A3", atMs < plain.now.endsAtMs, () => `${what} was accepted after the end`);
  const lastMs = before.lastBidMs.get(bidder) ?? Number.NEGATIVE_INFINITY;
  const isTooFast = atMs - lastMs < TOO_FAST_MS && !lossBefore;
  mustHold("A2", !isTooFast, () => `${what} was accepted within a second of the bidder's last`);
  const outcome = plain.accept(request, atMs);
  const kind = outcome === "ceiling-raised" ? "ceiling" : "bid";
  const after = plain.now;
  const [leader] = after.ranked;
  const expected = [kind, after.price, leader?.bidder, leader?.highest, after.bids];
  const found = [bid.kind, bid.price, bid.leader, bid.ceiling, bid.bids];
  mustEqual("A1", `the outcome of ${what}`, found, expected);
  if (isPaused && bid.endsAtMs > after.endsAtMs) plain.prolong(bid.endsAtMs);
  mustEqual("A3", `the end after ${what}`, bid.endsAtMs, plain.now.endsAtMs);
}

/** A16: the highest of the others leads, and the end stays. */
function takeRemoval(
  plain: PlainAuction,
  { bidder, atMs, ...removal }: StoredBid,
  what: string,
  lossBefore: boolean,
): void {
  const { atMs: lastMs, endsAtMs } = plain.now;
  mustHold("A2", atMs >= lastMs, () => `${what} is earlier than the one before`);
  if (lossBefore && removal.endsAtMs > endsAtMs) plain.prolong(removal.endsAtMs);
  mustHold("A3", atMs < plain.now.endsAtMs, () => `${what} was removed after the end`);
  const hadBid = plain.remove(bidder, atMs);
  mustHold("A16", hadBid, () => `${what} removes bids of ${bidder}, who had none`);
  const { price, ranked, bids } = plain.now;
  const [leader] = ranked;
  const expected = [price, leader?.bidder, leader?.highest ?? 0, bids, plain.now.endsAtMs];
  const found = [removal.price, removal.leader, removal.ceiling, removal.bids, removal.endsAtMs];
  mustEqual("A16", `the auction after ${what}`, found, expected);
}
