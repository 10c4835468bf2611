import { type Moment, type PlainAuction, refusalOf } from "../models/auction.ts";
import { mustEqual, mustHold } from "../rules.ts";
import type { Stage } from "../stage.ts";
import {
  type AuctionLog,
  auctionLogOf,
  losesBids,
  type PlacedBid,
  type Replayed,
  skewOf,
} from "./auction-log.ts";
import { minorOf } from "./board-watch.ts";
import type { StoredBid } from "./books.ts";
import { lostBranches } from "./lost-branch.ts";

const TOO_FAST_MS = 1000;
/** The sweeper sees in time what no task has restored or recorded. */
const RESTORED_WITHIN_MS = 20 * 60_000;

/** What an answer to a bid says; a price is what stands between its first stars. */
const ANSWERS = [
  ["leading", /^You lead at /],
  ["outbid", /^Someone's secret ceiling was higher/],
  ["ceiling-raised", /^Your secret ceiling is .* now\./],
  ["too-low", / is too low: the next bid is /],
  ["own-auction", /^This auction is yours/],
  ["already-leading", /^You lead already/],
  ["too-fast", /^One bid per second/],
  ["unusual", /is far above the next bid/],
  ["closed", /^Too late/],
  ["over", /^This auction (?:is over|was cancelled)|^This auction's result was taken back/],
  ["barred", /^You didn't pay for two auctions|^You can't bid at the moment/],
  [
    "not sent",
    /^I couldn't reach the auction|^Bidding pauses|^There's no auction|hasn't opened yet|^So many people are bidding/,
  ],
  [
    "unreadable",
    /^I can't read that amount|^That button has no valid|^That's more than|ceiling is below/,
  ],
  ["unknown", /^I couldn't hear back in time|^$/],
] as const;
type Said = (typeof ANSWERS)[number][0];
const ACCEPTED: readonly Said[] = ["leading", "outbid", "ceiling-raised"];

/** Holds every answer that a bidder got against the record: A3, A4, A5, A7, A15 of docs/invariants.md. */
export function checkAnswers(stage: Stage, auctions: readonly Replayed[]): void {
  const log = auctionLogOf(stage);
  const record = new Map<string, StoredBid>();
  for (const { auction } of auctions) {
    for (const bid of auction.record) {
      mustHold("A4", !record.has(bid.bidId), () => `bid ${bid.bidId} is recorded twice`);
      record.set(bid.bidId, bid);
    }
  }
  const made = new Set(log.bids.map(({ id }) => id));
  for (const id of record.keys()) {
    mustHold("A4", made.has(id), () => `bid ${id} is recorded, and nobody made it`);
  }
  const present = presentOf(stage, auctions);
  for (const bid of log.bids) {
    const said = whatIsSaid(bid);
    const recorded = record.get(bid.id);
    if (ACCEPTED.includes(said)) {
      checkAccepted(log, bid, said, recorded);
      checkInTime(log, bid, auctions);
      checkConfirmed(bid, auctions);
    } else if (said !== "unknown") {
      mustHold("A4", !recorded, () => `bid ${bid.id} counts, and its bidder heard: ${bid.answer}`);
      checkRefused(present, bid, said);
    }
    if (recorded) checkRequest(bid, recorded);
  }
}

/** What an answer means. Throws RuleBroken for one that nobody knows. */
function whatIsSaid({ answer }: PlacedBid): Said {
  const [said] = ANSWERS.find(([, pattern]) => pattern.test(answer)) ?? [];
  mustHold("Answers", said !== undefined, () => `a bidder was answered: ${answer}`);
  return said;
}

function checkRequest({ id, bidder, amount, max }: PlacedBid, recorded: StoredBid): void {
  const found = [recorded.bidder, recorded.amount, recorded.max];
  mustEqual("A4", `what is recorded of bid ${id}`, found, [bidder, amount, max]);
}

function checkAccepted(
  log: AuctionLog,
  bid: PlacedBid,
  said: Said,
  recorded: StoredBid | undefined,
): void {
  if (!recorded) {
    // That its bidder is notified is N1.
    mustHold("A5", mayBeLost(log, bid), () => `bid ${bid.id} is lost; heard: ${bid.answer}`);
    return;
  }
  const price = minorOf(/\*\*([^*]*)\*\*/.exec(bid.answer)?.[1]);
  const isLeading = recorded.leader === bid.bidder;
  const kind = recorded.kind === "ceiling" ? "ceiling-raised" : isLeading ? "leading" : "outbid";
  const what = `what the bidder of ${bid.id} was answered`;
  mustEqual("A4", what, [said, price], [kind, recorded.price]);
}

/** A15: what looks like a typo counts once it is confirmed. */
function checkConfirmed(bid: PlacedBid, auctions: readonly Replayed[]): void {
  for (const { auction, plain } of auctions) {
    const before = plain.moments[auction.record.findIndex(({ bidId }) => bidId === bid.id)];
    const isTypo = before !== undefined && refusalOf(bid, before, plain.terms) === "unusual";
    mustHold("A15", !isTypo, () => `bid ${bid.id} looks like a typo and counts unasked`);
  }
}

/** A3, by true time: what was sent after the end does not count. */
function checkInTime(log: AuctionLog, bid: PlacedBid, auctions: readonly Replayed[]): void {
  for (const { auction, plain } of auctions) {
    const index = auction.record.findIndex(({ bidId }) => bidId === bid.id);
    if (index < 0 || mayBeLost(log, bid)) continue;
    const { endsAtMs = 0 } = plain.moments[index] ?? {};
    const lateMs = bid.sentAtMs - endsAtMs;
    mustHold(
      "A3",
      lateMs < 0,
      () => `bid ${bid.id} was sent ${lateMs} ms after the end and counts`,
    );
  }
}

/** A7: what Redis had accepted before it lost something, or on from there until it is restored. */
function mayBeLost({ losses }: AuctionLog, { sentAtMs, heardAtMs }: PlacedBid): boolean {
  return losses
    .filter(losesBids)
    .some(
      ({ atMs }) => heardAtMs <= atMs + RESTORED_WITHIN_MS && sentAtMs >= atMs - RESTORED_WITHIN_MS,
    );
}

/** What may have been the present at some time, and how that is found out. */
interface Present {
  readonly log: AuctionLog;
  readonly skewMs: number;
  /** Each auction as it is recorded, and as it was before Redis lost bids. */
  readonly histories: readonly History[];
}

/** One history of an auction: its moments, and when each was over at the latest. */
interface History {
  readonly id: string;
  readonly plain: PlainAuction;
  readonly moments: readonly (Moment & { readonly overAtMs: number })[];
  /** Whether a bid may have counted in it that nobody knows of. */
  readonly isUncertain: boolean;
}

function presentOf(stage: Stage, auctions: readonly Replayed[]): Present {
  const log = auctionLogOf(stage);
  const heard = new Map(
    log.bids.flatMap(({ id, answer, heardAtMs }) => (answer ? [[id, heardAtMs]] : [])),
  );
  const histories = auctions.flatMap(({ auction, plain }): History[] => {
    const { id, record } = auction;
    // A bid is decided before its bidder has the answer, and perhaps long after it was sent.
    const moments = plain.moments.map((moment, index) => {
      const next = record[index];
      const heardAtMs = next && heard.get(next.bidId);
      const isKnown = next !== undefined && heardAtMs !== undefined;
      const overAtMs = isKnown ? Math.max(next.atMs, heardAtMs) : Number.POSITIVE_INFINITY;
      return { ...moment, overAtMs };
    });
    const recorded = { id, plain, moments, isUncertain: false };
    return [recorded, ...lostBranches(stage, auction)];
  });
  return { log, skewMs: skewOf(stage), histories };
}

/** A refusal needs a moment, while the bid was under way, at which it was right. */
function checkRefused(present: Present, bid: PlacedBid, said: Said): void {
  const slackMs = 2 * present.skewMs;
  const isRight = present.histories
    .filter(({ id }) => bid.auctionId === undefined || bid.auctionId === id)
    .some(({ plain, moments, isUncertain }) => {
      const during = moments.filter(
        ({ atMs, overAtMs }) =>
          atMs <= bid.heardAtMs + slackMs && overAtMs >= bid.sentAtMs - slackMs,
      );
      if (isUncertain && during.length > 0) return true;
      return during.some((moment) => isRefusal(present, bid, said, moment, plain));
    });
  mustHold(
    said === "closed" ? "A3" : "A4",
    isRight,
    () => `bid ${JSON.stringify(bid)} was refused as ${said}, and at no moment it had to be`,
  );
}

function isRefusal(
  { log, skewMs }: Present,
  bid: PlacedBid,
  said: Said,
  moment: Moment,
  { terms }: PlainAuction,
): boolean {
  switch (said) {
    case "too-low":
    case "unusual":
    case "already-leading":
    case "own-auction":
      return refusalOf(bid, moment, terms) === said;
    case "closed":
      // After a pause the end has moved.
      return moment.endsAtMs <= bid.heardAtMs || mayBeLost(log, bid);
    case "too-fast": {
      const lastMs = moment.lastBidMs.get(bid.bidder);
      return lastMs !== undefined && bid.sentAtMs - lastMs < TOO_FAST_MS + 2 * skewMs;
    }
    default:
      return true;
  }
}
