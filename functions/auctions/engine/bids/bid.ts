import type { RedisConnection } from "../../../../shared/clients/redis.ts";
import { createBusyScript } from "../../../../shared/clients/redis-script.ts";
import { MAX_AMOUNT } from "../../domain/auction.ts";
import { auctionKeys, barKey } from "../keys.ts";
import { withShared } from "../script.ts";
import { decision, NOBODY } from "../state.ts";
import source from "./bid.lua";

/** A bid as submitted. Amounts in minor units. */
export interface Bid {
  /** The interaction's id. A bid sent twice under the same id is decided once. */
  readonly id: string;
  readonly auctionId: string;
  readonly bidderId: string;
  readonly amount: number;
  /** The bidder's secret ceiling, if any; at least `amount`. */
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
/** How a bid was decided. The first three mean that it was accepted. */
export type BidOutcome = (typeof outcomes)[number];

/** The decision on a bid, and the auction's state after it. */
export interface BidDecision {
  readonly outcome: BidOutcome;
  readonly price: number;
  readonly leaderId: string | undefined;
  readonly nextAmount: number;
  readonly endsAt: Date;
  readonly bids: number;
  /** The sequence number of the last accepted bid, which is this one if it was accepted. */
  readonly sequence: number;
  /** Whether the leader's ceiling reaches the reserve; undefined if there is no reserve. */
  readonly isReserveMet: boolean | undefined;
  /** Whether this is the first change since the board was last shown. If so, the caller schedules the board. */
  readonly isBoardDue: boolean;
}

/**
 * Why a bid was not decided: Redis has no data of the auction (`missing`) or only part of it (`torn`), or the
 * amount is invalid. Nothing has changed.
 */
export type UndecidedBid = "missing" | "torn" | "bad-amount";

/** The outcomes of an accepted bid. */
const ACCEPTED: readonly BidOutcome[] = ["leading", "outbid", "ceiling-raised"];

/** Whether a bid was accepted. */
export function isAccepted({ outcome }: Pick<BidDecision, "outcome">): boolean {
  return ACCEPTED.includes(outcome);
}

/**
 * Decides bids by Redis's clock, with one Redis command each. Returns `missing` or `torn` when Redis has lost all or
 * part of the auction, and `bad-amount` when an amount is not a whole number of minor units from 1 to MAX_AMOUNT.
 * Idempotency: a bid sent again after a timeout gets the same decision. `script` determines how concurrent bids are
 * sent to Redis.
 */
export function createBidding(redis: RedisConnection, script = createBusyScript) {
  const run = script(redis, withShared(source));
  return (bid: Bid): Promise<BidDecision | UndecidedBid> => {
    const { auction, bids } = auctionKeys(bid.auctionId);
    return run(
      [auction, bids, barKey(bid.bidderId)],
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
