import { type Moment, type PlainAuction, refusalOf } from "../../../models/auction.ts";
import { mustEqual, mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import {
  type AuctionLog,
  auctionLogOf,
  losesBids,
  type PlacedBid,
  type Replayed,
  skewOf,
} from "../auction-log.ts";
import { minorOf } from "../board-watch.ts";
import type { StoredAuction, StoredBid } from "../books.ts";
import { lostBranches } from "../lost-branch.ts";

const TOO_FAST_MS = 1000;
/** The sweeper notices within this time what no task has restored or recorded. */
const RESTORED_WITHIN_MS = 20 * 60_000;

/** Answers to bids by pattern; a price is the text between the first asterisks. */
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
  ["no auction", /^There's no auction/],
  [
    "not sent",
    /^I couldn't reach the auction|^Bidding pauses|hasn't opened yet|^So many people are bidding/,
  ],
  [
    "unreadable",
    /^I can't read that amount|^That button has no valid|^That's more than|ceiling is below/,
  ],
  ["unknown", /^I didn't get an answer in time|^$/],
] as const;
type Meaning = (typeof ANSWERS)[number][0];
const ACCEPTED: readonly Meaning[] = ["leading", "outbid", "ceiling-raised"];

/** Checks every bidder's answer against the record: A3, A4, A5, A7, A15 of docs/invariants.md. */
export function checkAnswers(stage: Stage, auctions: readonly Replayed[]): void {
  const log = auctionLogOf(stage);
  const record = new Map<string, StoredBid>();
  for (const { auction } of auctions) {
    for (const bid of auction.record) {
      mustHold("A4", !record.has(bid.bidId), () => `bid ${bid.bidId} is recorded twice`);
      record.set(bid.bidId, bid);
    }
  }
  const made = new Set([
    ...log.bids.map(({ id }) => id),
    ...log.controlUses.map(({ interactionId }) => interactionId),
  ]);
  for (const id of record.keys()) {
    mustHold("A4", made.has(id), () => `bid ${id} is recorded, but nobody made it`);
  }
  const present = presentOf(stage, auctions);
  for (const bid of log.bids) {
    const meaning = meaningOf(bid);
    const recorded = record.get(bid.id);
    if (ACCEPTED.includes(meaning)) {
      checkAccepted(log, bid, meaning, recorded);
      checkInTime(log, bid, auctions);
      checkConfirmed(bid, auctions);
    } else if (meaning !== "unknown") {
      mustHold(
        "A4",
        !recorded || mayCountByCopy(log, bid, meaning, auctions),
        () => `bid ${bid.id} counts, but its bidder read: ${bid.answer}`,
      );
      if (meaning === "no auction") checkNoAuction(present, bid, auctions);
      else checkRefused(present, bid, meaning);
    }
    if (recorded) checkRequest(bid, recorded);
  }
}

/** The meaning of an answer. Throws RuleBroken for an unknown one. */
function meaningOf({ answer }: PlacedBid): Meaning {
  const [meaning] = ANSWERS.find(([, pattern]) => pattern.test(answer)) ?? [];
  mustHold("Answers", meaning !== undefined, () => `a bidder was answered: ${answer}`);
  return meaning;
}

/**
 * Whether a bid with this answer may count by another copy, because the answered copy did not reach the auction or
 * came to its channel after it was over.
 */
function mayCountByCopy(
  { seen }: AuctionLog,
  { id, copies, answeredAtMs }: PlacedBid,
  meaning: Meaning,
  auctions: readonly Replayed[],
): boolean {
  if (copies === 1) return false;
  if (meaning !== "no auction") return meaning === "not sent";
  const counts = auctions.find(({ auction }) => auction.record.some(({ bidId }) => bidId === id));
  const { liveAtMs = Number.POSITIVE_INFINITY } = seen.get(counts?.auction.id ?? "") ?? {};
  return liveAtMs < answeredAtMs;
}

function checkRequest({ id, bidder, amount, max }: PlacedBid, recorded: StoredBid): void {
  const found = [recorded.bidder, recorded.amount, recorded.max];
  mustEqual("A4", `what is recorded of bid ${id}`, found, [bidder, amount, max]);
}

function checkAccepted(
  log: AuctionLog,
  bid: PlacedBid,
  meaning: Meaning,
  recorded: StoredBid | undefined,
): void {
  if (!recorded) {
    // N1 checks that the bidder is notified.
    mustHold(
      "A5",
      mayBeLost(log, bid),
      () => `bid ${bid.id} is lost; its bidder read: ${bid.answer}`,
    );
    return;
  }
  const price = minorOf(/\*\*([^*]*)\*\*/.exec(bid.answer)?.[1]);
  const isLeading = recorded.leader === bid.bidder;
  const kind = recorded.kind === "ceiling" ? "ceiling-raised" : isLeading ? "leading" : "outbid";
  const what = `what the bidder of ${bid.id} was answered`;
  mustEqual("A4", what, [meaning, price], [kind, recorded.price]);
}

/** A15: a bid that looks like a typo counts only after confirmation. */
function checkConfirmed(bid: PlacedBid, auctions: readonly Replayed[]): void {
  for (const { auction, plain } of auctions) {
    const before = plain.moments[auction.record.findIndex(({ bidId }) => bidId === bid.id)];
    const isTypo = before !== undefined && refusalOf(bid, before, plain.terms) === "unusual";
    mustHold(
      "A15",
      !isTypo,
      () => `bid ${bid.id} looks like a typo and counts without confirmation`,
    );
  }
}

/** A3, by true time: a bid sent after the end does not count. */
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

/** A7: whether Redis may have lost an accepted bid, from a loss until the auction is restored. */
function mayBeLost({ losses }: AuctionLog, { sentAtMs, answeredAtMs }: PlacedBid): boolean {
  return losses
    .filter(losesBids)
    .some(
      ({ atMs }) =>
        answeredAtMs <= atMs + RESTORED_WITHIN_MS && sentAtMs >= atMs - RESTORED_WITHIN_MS,
    );
}

/** The possible states at a time, and when they became known. */
interface Present {
  readonly log: AuctionLog;
  readonly skewMs: number;
  /** Each auction as recorded, and as it was before Redis lost bids. */
  readonly histories: readonly History[];
}

/** One history of an auction: its states, and the latest time at which each was over. */
interface History {
  readonly id: string;
  readonly plain: PlainAuction;
  readonly moments: readonly (Moment & { readonly overAtMs: number })[];
  /** Whether it may contain an accepted bid that nobody knows of. */
  readonly isUncertain: boolean;
  /** When the hammer fell. */
  readonly closedAtMs: number;
}

function presentOf(stage: Stage, auctions: readonly Replayed[]): Present {
  const log = auctionLogOf(stage);
  const answeredAt = new Map(
    log.bids.flatMap(({ id, answer, answeredAtMs }) => (answer ? [[id, answeredAtMs]] : [])),
  );
  const histories = auctions.flatMap(({ auction, plain }): History[] => {
    const { id, record } = auction;
    // A bid is decided before its bidder has the answer, possibly long after it was sent.
    const moments = plain.moments.map((moment, index) => {
      const next = record[index];
      const answeredAtMs = next && answeredAt.get(next.bidId);
      const isKnown = next !== undefined && answeredAtMs !== undefined;
      const isRemoved = next?.kind === "removal";
      const knownAtMs = isKnown ? Math.max(next.atMs, answeredAtMs) : Number.POSITIVE_INFINITY;
      const overAtMs = isRemoved ? next.atMs : knownAtMs;
      return { ...moment, overAtMs };
    });
    const closedAtMs = hammerOf(auction);
    const recorded = { id, plain, moments, isUncertain: false, closedAtMs };
    const lost = lostBranches(stage, auction).map((branch) => ({ ...branch, closedAtMs }));
    return [recorded, ...lost];
  });
  return { log, skewMs: skewOf(stage), histories };
}

/** When the hammer fell, at its time or earlier by command; never if it has not. */
function hammerOf({ state, endsAtMs = 0 }: StoredAuction): number {
  const isClosed = ["sold", "unsold", "void"].includes(state);
  return isClosed ? endsAtMs : Number.POSITIVE_INFINITY;
}

/** A refusal must have been right at some time while the bid was in progress. */
function checkRefused(present: Present, bid: PlacedBid, meaning: Meaning): void {
  // Redis could not say whether an auction runs there.
  if (/^I couldn't reach the auction/.test(bid.answer)) return;
  const slackMs = 2 * present.skewMs;
  const isRight = present.histories
    .filter(({ id }) => bid.auctionId === undefined || bid.auctionId === id)
    .some(({ plain, moments, isUncertain, closedAtMs }) => {
      const during = moments.filter(
        ({ atMs, overAtMs }) =>
          atMs <= bid.answeredAtMs + slackMs && overAtMs >= bid.sentAtMs - slackMs,
      );
      if (isUncertain && during.length > 0) return true;
      if (meaning === "closed" && closedAtMs <= bid.answeredAtMs) return true;
      return during.some((moment) => isRefusal(present, bid, meaning, moment, plain));
    });
  mustHold(
    meaning === "closed" ? "A3" : "A4",
    isRight,
    () => `bid ${JSON.stringify(bid)} was refused as ${meaning}, which was never right`,
  );
}

/** A bidder reads that a channel has no auction only while none runs there. */
function checkNoAuction(
  { log, skewMs }: Present,
  bid: PlacedBid,
  auctions: readonly Replayed[],
): void {
  const slackMs = 2 * skewMs;
  // A board may be posted to the channel while somebody bids there.
  const shownBefore = new Set(
    log.shown.flatMap(({ messageId, atMs }) => (atMs < bid.sentAtMs ? [messageId] : [])),
  );
  const running = auctions.find(({ auction, plain }) => {
    const { boards, state, openedAtMs = Number.POSITIVE_INFINITY } = auction;
    const isHere = boards.some(
      ({ channelId, messageId }) => channelId === bid.channelId && shownBefore.has(messageId),
    );
    const endsAtMs = Math.min(plain.terms.endsAtMs, hammerOf(auction));
    const isDuring = openedAtMs + slackMs < bid.sentAtMs && endsAtMs - slackMs > bid.answeredAtMs;
    return isHere && isDuring && state !== "cancelled";
  });
  mustHold(
    "A4",
    running === undefined || mayBeLost(log, bid),
    () => `bid ${bid.id} was refused as if nothing ran, but ${running?.auction.id} did`,
  );
}

function isRefusal(
  { log, skewMs }: Present,
  bid: PlacedBid,
  meaning: Meaning,
  moment: Moment,
  { terms }: PlainAuction,
): boolean {
  switch (meaning) {
    case "too-low":
    case "unusual":
    case "already-leading":
    case "own-auction":
      return refusalOf(bid, moment, terms) === meaning;
    case "closed":
      // After a pause the end has moved.
      return moment.endsAtMs <= bid.answeredAtMs || mayBeLost(log, bid);
    case "too-fast": {
      const lastMs = moment.lastBidMs.get(bid.bidder);
      return lastMs !== undefined && bid.sentAtMs - lastMs < TOO_FAST_MS + 2 * skewMs;
    }
    default:
      return true;
  }
}
