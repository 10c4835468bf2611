import type { RedisConnection } from "../../../shared/clients/redis.ts";
import { createBusyScript } from "../../../shared/clients/redis-script.ts";
import { MAX_AMOUNT } from "../domain/auction.ts";
import source from "./bid.lua";
import { auctionKeys, barKey } from "./keys.ts";
import { withShared } from "./script.ts";
import { decision, NOBODY } from "./state.ts";

/** A bid as it was made. Amounts in minor units. */
export interface Bid {
  /** The interaction's id: the same bid sent twice is decided once. */
  readonly id: string;
  readonly auctionId: string;
  readonly bidderId: string;
  readonly amount: number;
  /** The secret ceiling up to which the bidder goes, if any; at least `amount`. */
  readonly max: number | undefined;
  /** The bidder has confirmed an amount that looked like a typo. */
  readonly isConfirmed: boolean;
}

const outcomes = [
  "leading",
  "outbid",
  "ceiling-raised",
  "too-low",
  "own-auction",
  "already-leading",
  "too-fast",
  "unusual",
  "barred",
  "closed",
  "cancelled",
  "void",
] as const;
/** How a bid was decided; the first three are accepted. */
export type BidOutcome = (typeof outcomes)[number];

/** The decision, and the auction after it. */
export interface BidDecision {
  readonly outcome: BidOutcome;
  readonly price: number;
  readonly leaderId: string | undefined;
  readonly nextAmount: number;
  readonly endsAt: Date;
  readonly bids: number;
  /** The number of the last accepted bid: of this one, if it is accepted. */
  readonly sequence: number;
  /** Whether the leader goes as high as the reserve; undefined where there is none. */
  readonly isReserveMet: boolean | undefined;
  /** The first change since the board was last shown: the caller schedules the board. */
  readonly isBoardDue: boolean;
}

/**
 * A bid that no auction decides: Redis does not have the auction, or only parts of it, or the amount is
 * invalid. Nothing has changed.
 */
export type UndecidedBid = "missing" | "torn" | "bad-amount";

/** The outcomes of a bid that counts. */
const ACCEPTED: readonly BidOutcome[] = ["leading", "outbid", "ceiling-raised"];

/** Whether a bid counts. */
export function isAccepted({ outcome }: Pick<BidDecision, "outcome">): boolean {
  return ACCEPTED.includes(outcome);
}

/**
 * Decides a bid by Redis's own time: one Redis command. `missing` or `torn` when Redis does not have the
 * auction, or not all of it; `bad-amount` when an amount is no whole number of minor units from 1 to
 * MAX_AMOUNT. Sending it again after a timeout gives the same decision. `script` says how many bids at once travel.
 */
export function createBidding(redis: RedisConnection, script = createBusyScript) {
  const run = script(redis, withShared(source));
  return (bid: Bid): Promise<BidDecision | UndecidedBid> => {
    const { auction, bids, bidders } = auctionKeys(bid.auctionId);
    return run(
      [auction, bids, bidders, barKey(bid.bidderId)],
      [
        bid.id,
        bid.bidderId,
        String(bid.amount),
        String(bid.max ?? 0),
        bid.isConfirmed ? "1" : "0",
        String(MAX_AMOUNT),
      ],
    ).then(toDecision);
  };
}

function toDecision(reply: unknown): BidDecision | UndecidedBid {
  if (reply === "missing" || reply === "torn" || reply === "bad-amount") return reply;
  const decided = decision.decode(reply);
  const outcome = outcomes.find((known) => known === decided?.outcome);
  if (!decided || !outcome) throw new Error(`A bid was decided as ${reply}.`);
  const { price, leaderId, nextAmount, endsAtMs, bids, sequence, reserve, isBoardDue } = decided;
  return {
    outcome,
    price,
    leaderId: leaderId === NOBODY ? undefined : leaderId,
    nextAmount,
    endsAt: new Date(endsAtMs),
    bids,
    sequence,
    isReserveMet: reserve === NOBODY ? undefined : reserve === "met",
    isBoardDue: isBoardDue === 1,
  };
}
