import { mustEqual, mustHold } from "../rules.ts";
import { minorOf } from "./board-watch.ts";
import type { StoredAuction, StoredBid } from "./books.ts";
import { type House, losesBids, type PlacedBid } from "./house.ts";
import { type Moment, type PlainAuction, refusalOf } from "./plain-rules.ts";

/** Clocks of instances differ by so much. */
const SKEW_MS = 200;
const SLACK_MS = 2 * SKEW_MS;
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
  ["too-fast", /^One bid a second/],
  ["unusual", /is far above the next bid/],
  ["closed", /^Too late/],
  ["over", /^This auction (?:is over|was cancelled)|^This auction's result was taken back/],
  ["barred", /^You didn't pay for two auctions|^You can't bid at the moment/],
  [
    "not sent",
    /^I couldn't reach the auction|^Bidding pauses|^There's no auction|hasn't opened yet/,
  ],
  [
    "unreadable",
    /^I can't read that amount|^That button has no valid|^That's more than|ceiling is below/,
  ],
  ["unknown", /^I couldn't hear back in time|^$/],
] as const;
type Said = (typeof ANSWERS)[number][0];
const ACCEPTED: readonly Said[] = ["leading", "outbid", "ceiling-raised"];

/** An auction with the plain rules' view of its record. */
export interface Replayed {
  readonly auction: StoredAuction;
  readonly plain: PlainAuction;
}

/** Holds every answer that a bidder got against the record: A4, A5, A7 of docs/invariants.md. */
export function checkAnswers(house: House, auctions: readonly Replayed[]): void {
  const record = new Map<string, StoredBid>();
  for (const { auction } of auctions) {
    for (const bid of auction.record) {
      mustHold("A4", !record.has(bid.bidId), () => `bid ${bid.bidId} is recorded twice`);
      record.set(bid.bidId, bid);
    }
  }
  for (const bid of house.bids) {
    const said = whatIsSaid(bid);
    const recorded = record.get(bid.id);
    if (ACCEPTED.includes(said)) checkAccepted(house, bid, said, recorded);
    else if (said !== "unknown") {
      mustHold("A4", !recorded, () => `bid ${bid.id} counts, and its bidder heard: ${bid.answer}`);
      checkRefused(house, bid, said, auctions);
    }
    if (recorded) checkWish(bid, recorded);
  }
}

/** What an answer means. Throws RuleBroken for one that nobody knows. */
function whatIsSaid({ answer }: PlacedBid): Said {
  const [said] = ANSWERS.find(([, pattern]) => pattern.test(answer)) ?? [];
  mustHold("Answers", said !== undefined, () => `a bidder was answered: ${answer}`);
  return said;
}

function checkWish({ id, bidder, amount, max }: PlacedBid, recorded: StoredBid): void {
  const found = [recorded.bidder, recorded.amount, recorded.max];
  mustEqual("A4", `what is recorded of bid ${id}`, found, [bidder, amount, max]);
}

function checkAccepted(
  house: House,
  bid: PlacedBid,
  said: Said,
  recorded: StoredBid | undefined,
): void {
  if (!recorded) {
    // simulation/known-defects.md, auction, "Nobody is notified": their bidders should hear of it.
    mustHold("A5", mayBeLost(house, bid), () => `bid ${bid.id} is lost; heard: ${bid.answer}`);
    return;
  }
  const price = minorOf(/\*\*([^*]*)\*\*/.exec(bid.answer)?.[1]);
  const isLeading = recorded.leader === bid.bidder;
  const kind = recorded.kind === "ceiling" ? "ceiling-raised" : isLeading ? "leading" : "outbid";
  const what = `what the bidder of ${bid.id} was answered`;
  mustEqual("A4", what, [said, price], [kind, recorded.price]);
}

/** A7: what Redis had accepted before it lost something, or on from there until it is restored. */
function mayBeLost({ losses }: House, { sentAtMs, heardAtMs }: PlacedBid): boolean {
  return losses
    .filter(losesBids)
    .some(
      ({ atMs }) => heardAtMs <= atMs + RESTORED_WITHIN_MS && sentAtMs >= atMs - RESTORED_WITHIN_MS,
    );
}

/** A refusal needs a moment, while the bid was under way, at which it was right. */
function checkRefused(
  house: House,
  bid: PlacedBid,
  said: Said,
  auctions: readonly Replayed[],
): void {
  // What was true between the last record and a loss nobody knows any more.
  if (house.losses.some(losesBids)) return;
  const concerned = auctions.filter(
    ({ auction }) => bid.auctionId === undefined || bid.auctionId === auction.id,
  );
  const isRight = concerned.some(({ auction, plain }) => {
    const moments = plain.moments.filter((moment, index) =>
      isDuring(house, bid, moment, auction.record[index]),
    );
    return moments.some((moment) => isRefusal(bid, said, moment, plain));
  });
  mustHold(
    "A4",
    isRight,
    () => `bid ${JSON.stringify(bid)} was refused as ${said}, and at no moment it had to be`,
  );
}

/** Whether a moment, which `next` ended, may have been the present while a bid was under way. */
function isDuring(
  { bids }: House,
  { sentAtMs, heardAtMs }: PlacedBid,
  { atMs }: Moment,
  next: StoredBid | undefined,
): boolean {
  // A bid is decided before its bidder has the answer, and perhaps long after it was sent.
  const heard = bids.find(({ id, answer }) => id === next?.bidId && answer !== "");
  const endedAtMs = next && heard ? Math.max(next.atMs, heard.heardAtMs) : Number.POSITIVE_INFINITY;
  return atMs <= heardAtMs + SLACK_MS && endedAtMs >= sentAtMs - SLACK_MS;
}

function isRefusal(bid: PlacedBid, said: Said, moment: Moment, { terms }: PlainAuction): boolean {
  switch (said) {
    case "too-low":
    case "unusual":
    case "already-leading":
    case "own-auction":
      return refusalOf(bid, moment, terms) === said;
    case "closed":
      return moment.endsAtMs <= bid.heardAtMs;
    case "too-fast": {
      const lastMs = moment.lastBidMs.get(bid.bidder);
      return lastMs !== undefined && bid.sentAtMs - lastMs < TOO_FAST_MS + SLACK_MS;
    }
    default:
      return true;
  }
}
