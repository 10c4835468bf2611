import { minorUnitsOf } from "../../../shared/money/money.ts";
import { MAX_PRICE } from "../../shop/domain/drop.ts";
import type { PaymentPlan } from "../../shop/domain/order.ts";

/** The default table of increments, in whole units of the currency. */
const DEFAULT_INCREMENTS: readonly Increment[] = [
  { from: 0, by: 1 },
  { from: 30, by: 2 },
  { from: 50, by: 3 },
  { from: 100, by: 5 },
  { from: 300, by: 10 },
  { from: 1_000, by: 20 },
  { from: 2_000, by: 50 },
];

/** The shortest and the longest auction. */
export const MIN_DURATION_MS = 30_000;
export const MAX_DURATION_MS = 7 * 24 * 3_600_000;
/** A bid this shortly before the end resets the clock, unless the builder says otherwise. */
export const DEFAULT_COUNTER_BID_MS = 10_000;
export const MAX_COUNTER_BID_MS = 120_000;
/** The limits of one extension by a seller. */
export const MIN_EXTENSION_BY_MS = 10_000;
export const MAX_EXTENSION_BY_MS = 24 * 3_600_000;
/** All counter-bids together move the end by at most this much. */
export const MAX_EXTENSION_MS = 10 * 60_000;
/** The same as for drops, in minor units; far below 2^53 / 2^22, up to which Redis' sorted set is exact. */
export const MAX_AMOUNT = MAX_PRICE;
/** Boards show "going once" during this time before the end. */
export const GOING_ONCE_MS = 10_000;
/** Cloud Tasks rounds a time down to its second, so the task that updates the board may be this early. */
const TASK_EARLY_MS = 1000;
/** How many runners-up are offered the item in turn when the winner does not pay. */
export const MAX_OFFERS = 3;
/**
 * The number of runners-up from which those are chosen: a handful of accounts that bid for each other must
 * not crowd out serious bidders.
 */
export const MAX_CONSIDERED = 20;

/** A row of the table of increments: from the price `from` on, bids rise by `by`. Minor units. */
export interface Increment {
  readonly from: number;
  readonly by: number;
}

/** The terms that are fixed before the first bid. Amounts in minor units, times in milliseconds. */
export interface AuctionTerms {
  readonly builderId: string;
  readonly title: string;
  readonly currency: string;
  readonly plan: PaymentPlan;
  /** The first bid is at least this. */
  readonly startPrice: number;
  /** The item is not sold below this price; 0 for none. The reserve is secret. */
  readonly reserve: number;
  /** The fixed increment; undefined for the default table. */
  readonly increment: number | undefined;
  readonly durationMs: number;
  /** A bid this shortly before the end moves it; 0 is sudden death. */
  readonly counterBidMs: number;
}

/** The states of an auction. `planned` waits for the builder's stream. */
export const auctionStates = ["planned", "live", "sold", "unsold", "cancelled", "void"] as const;
export type AuctionState = (typeof auctionStates)[number];

/** Why an auction was cancelled instead of opened: its channel had an auction, or the bot may not post there. */
export const openingProblems = ["busy", "forbidden"] as const;
export type OpeningProblem = (typeof openingProblems)[number];

/** An auction's table of increments; `minorUnits` of them are one whole unit of its currency. */
export function incrementsOf(
  { increment }: Pick<AuctionTerms, "increment">,
  minorUnits: number,
): readonly Increment[] {
  if (increment !== undefined) return [{ from: 0, by: increment }];
  return DEFAULT_INCREMENTS.map(({ from, by }) => ({
    from: from * minorUnits,
    by: by * minorUnits,
  }));
}

/**
 * The least that an auctioned item is worth, in whole units of the currency. An auction that starts at $1 for the
 * show says nothing about the item's worth, so the check for typos compares low bids with this floor instead of the
 * next amount: $50 is not a typo while $2 leads. A first bid is not checked.
 */
const TYPO_FLOOR = 100;

/** The floor for the check for typos, in minor units. */
export function typoFloorOf({ currency }: Pick<AuctionTerms, "currency">): number {
  return TYPO_FLOOR * minorUnitsOf(currency);
}

/** The lowest amount that may be bid after `price`. The table begins at 0. */
export function nextAmount(price: number, increments: readonly Increment[]): number {
  return price + (increments.findLast(({ from }) => from <= price)?.by ?? 1);
}

/** How long an unpaid win counts against its bidder. */
export const COUNTED_MS = 90 * 24 * 3_600_000;

/** An auction as it is stored. */
export interface Auction extends AuctionTerms {
  readonly id: string;
  readonly state: AuctionState;
  /** Opened at once, or when the builder's stream starts. */
  readonly opens: "now" | "live";
  readonly createdAt: Date;
  readonly openedAt: Date | undefined;
  readonly endsAt: Date | undefined;
  /** No counter-bid moves the end beyond this. */
  readonly latestEnd: Date | undefined;
  readonly boards: readonly AuctionBoard[];
  /** The picture's address, which works for about a day after `imageReadAt`. */
  readonly imageUrl: string | undefined;
  readonly imageReadAt: Date;
  /** The last recorded bid; undefined without one. */
  readonly recorded: Pick<Standing, "sequence" | "bidId"> | undefined;
  /** The leader and the price after that bid; undefined if nobody's bid counts. */
  readonly standing: Standing | undefined;
  readonly bidderCount: number;
  /** The auction has changed, and its boards may not show that yet. */
  readonly isBoardDue: boolean;
  /** The hammer has fallen, and settlement is not finished. */
  readonly isSettling: boolean;
  readonly runnersUp: readonly Bidder[];
  readonly claim: Claim | undefined;
  readonly couldNotOpen: OpeningProblem | undefined;
  /** The team's reason for cancelling it, if they did. */
  readonly cancelReason: string | undefined;
  /** The last time that Redis lost all or part of the auction. */
  readonly interruption: Interruption | undefined;
  /** The seller agreed to sell below the reserve. */
  readonly isReserveWaived: boolean;
  /** The auction that runs or ran the same item again. */
  readonly rerunId: string | undefined;
}

/** A pause of bidding because bids were lost. */
export interface Interruption {
  readonly pausedAt: Date;
  /** Undefined while the pause lasts. */
  readonly resumedAt: Date | undefined;
  /** The auction went back to this bid. */
  readonly bids: number;
}

/** How long a board shows that bids were lost. */
const INTERRUPTION_SHOWN_MS = 10 * 60_000;

/** The interruption that a board shows now. */
export function shownInterruption(
  { state, interruption }: Pick<Auction, "state" | "interruption">,
  now: Date,
): Interruption | undefined {
  if (state !== "live" || !interruption) return undefined;
  const { resumedAt } = interruption;
  const isOld = resumedAt && now.getTime() - resumedAt.getTime() > INTERRUPTION_SHOWN_MS;
  return isOld ? undefined : interruption;
}

/** A channel that shows an auction; without a message until it is posted. */
export interface AuctionBoard {
  readonly channelId: string;
  readonly messageId: string | undefined;
}

/** An auction after its last accepted bid. Amounts in minor units. */
export interface Standing {
  /** Counts accepted bids and raised ceilings without gaps. */
  readonly sequence: number;
  /** The id of the last of them. */
  readonly bidId: string;
  readonly bids: number;
  readonly price: number;
  readonly leaderId: string;
  /** The leader's secret ceiling. */
  readonly ceiling: number;
  readonly leaderSequence: number;
  /** When the bid was decided, by the auction's own clock, which never goes back. */
  readonly at: Date;
}

/** A bidder and the highest they have bid, in minor units. */
export interface Bidder {
  readonly bidderId: string;
  readonly amount: number;
}

/** A bidder's highest amount and the sequence of its bid: of equal amounts, the earliest leads. */
export interface Commitment extends Bidder {
  readonly sequence: number;
}

/**
 * The bidder who may buy now. Round 0 is the winner; later rounds are offers to runners-up, who may accept until
 * `offerUntil`. `over` if nobody is left to ask.
 */
export interface Claim extends Bidder {
  readonly round: number;
  readonly state: "offered" | "ordered" | "paid" | "over";
  readonly offerUntil: Date | undefined;
  /** The deadline for creating the Checkout Session, if the builder's account could not take payments. */
  readonly pageUntil: Date | undefined;
}

/** The table of increments of an auction, in minor units of its currency. */
export function incrementsFor(auction: Auction): readonly Increment[] {
  return incrementsOf(auction, minorUnitsOf(auction.currency));
}

/** The lowest amount that may be bid now. */
export function leastBid(auction: Auction): number {
  const { standing, startPrice } = auction;
  return standing ? nextAmount(standing.price, incrementsFor(auction)) : startPrice;
}

/** Whether the leader's ceiling meets the reserve, or no reserve applies. */
export function isReserveMet({
  standing,
  reserve,
  isReserveWaived,
}: Pick<Auction, "standing" | "reserve" | "isReserveWaived">): boolean {
  return isReserveWaived || (standing?.ceiling ?? 0) >= reserve;
}

/** Whether an auction is sold and paid for, or someone may still pay: then its item is not for sale again. */
export function isResultStanding({ state, claim }: Pick<Auction, "state" | "claim">): boolean {
  return state === "sold" && claim?.state !== "over";
}

/** Whether the hammer is about to fall on someone's bid. */
export function isGoingOnce(
  { state, standing, endsAt }: Pick<Auction, "state" | "standing" | "endsAt">,
  now: Date,
): boolean {
  if (state !== "live" || !standing || !endsAt) return false;
  return endsAt.getTime() - now.getTime() <= GOING_ONCE_MS + TASK_EARLY_MS;
}

/** The id of a round's order: the same on every try. */
export function auctionOrderId(auctionId: string, round: number): string {
  return `auction-${auctionId}-${round}`;
}
