import { minorUnitsOf } from "../../../shared/money/money.ts";
import { MAX_PRICE } from "../../shop/domain/drop.ts";
import type { PaymentPlan } from "../../shop/domain/order.ts";

/** From which price on the next bid rises by how much; whole units of the currency. */
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
/** By how much a seller may move the end at once. */
export const MIN_EXTENSION_BY_MS = 10_000;
export const MAX_EXTENSION_BY_MS = 24 * 3_600_000;
/** All counter-bids together move the end by this much at the most. */
export const MAX_EXTENSION_MS = 10 * 60_000;
/** As for drops; and far below 2^53 / 2^22, up to which Redis' sorted set is exact. Minor units. */
export const MAX_AMOUNT = MAX_PRICE;
/** "Going once" is said from so long before the end. */
export const GOING_ONCE_MS = 10_000;
/** Cloud Tasks rounds a time down to its second, so that the task that says so may be early. */
const TASK_EARLY_MS = 1000;
/** How many runners-up are asked in turn when the winner does not pay. */
export const MAX_OFFERS = 3;
/**
 * The number of runners-up from which those are chosen: a handful of accounts that bid for each other must
 * not crowd out serious bidders.
 */
export const MAX_CONSIDERED = 20;

/** From a price on, bids rise by so much; minor units. */
export interface Increment {
  readonly from: number;
  readonly by: number;
}

/** What is agreed before the first bid. Amounts in minor units, times in milliseconds. */
export interface AuctionTerms {
  readonly builderId: string;
  readonly title: string;
  readonly currency: string;
  readonly plan: PaymentPlan;
  /** The first bid is at least this. */
  readonly startPrice: number;
  /** Below this it is not sold; 0 for none. Nobody is told how high it is. */
  readonly reserve: number;
  /** Every bid's least rise, where it is not the default table's. */
  readonly increment: number | undefined;
  readonly durationMs: number;
  /** A bid this shortly before the end moves it; 0 is sudden death. */
  readonly counterBidMs: number;
}

/** What an auction may be. `planned` waits for the builder's stream. */
export const auctionStates = ["planned", "live", "sold", "unsold", "cancelled", "void"] as const;
export type AuctionState = (typeof auctionStates)[number];

/** Why an auction was cancelled instead of opened: its channel was taken, or closed to us. */
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
 * Whole units of the currency: the least that anything auctioned here is worth. The price of an auction that
 * started at $1 for the show does not show what the item is worth, so below this a bid is compared with this,
 * not with the next amount: $50 is no typo while $2 leads. A first bid is compared with nothing.
 */
const TYPO_FLOOR = 100;

/** The price below which the next amount does not show what is a typo; minor units. */
export function typoFloorOf({ currency }: Pick<AuctionTerms, "currency">): number {
  return TYPO_FLOOR * minorUnitsOf(currency);
}

/** The least that may be bid after `price`. The table begins at 0. */
export function nextAmount(price: number, increments: readonly Increment[]): number {
  return price + (increments.findLast(({ from }) => from <= price)?.by ?? 1);
}

/** So long an auction that someone won and did not pay counts against them. */
export const COUNTED_MS = 90 * 24 * 3_600_000;

/** An auction as it is recorded. */
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
  /** Where its picture can be fetched for about a day from `imageReadAt` on. */
  readonly imageUrl: string | undefined;
  readonly imageReadAt: Date;
  /** The last recorded bid; undefined without one. */
  readonly recorded: Pick<Standing, "sequence" | "bidId"> | undefined;
  /** Who leads after it, and where it stands; undefined when nobody's bid counts. */
  readonly standing: Standing | undefined;
  readonly bidderCount: number;
  /** It has changed, and its boards may not show it yet. */
  readonly isBoardDue: boolean;
  /** The hammer has fallen, and there is something left to do. */
  readonly isSettling: boolean;
  readonly runnersUp: readonly Bidder[];
  readonly claim: Claim | undefined;
  readonly couldNotOpen: OpeningProblem | undefined;
  /** Why the team cancelled it, if they did. */
  readonly cancelReason: string | undefined;
  /** The last time that Redis had lost it, or a part of it. */
  readonly interruption: Interruption | undefined;
  /** Its seller sells below the reserve. */
  readonly isReserveWaived: boolean;
  /** The auction that runs, or ran, the same item again. */
  readonly rerunId: string | undefined;
}

/** Bidding was paused because bids were lost. */
export interface Interruption {
  readonly pausedAt: Date;
  /** Undefined while the pause lasts. */
  readonly resumedAt: Date | undefined;
  /** The auction went back to this bid. */
  readonly bids: number;
}

/** For so long a board says that bids were lost. */
const INTERRUPTION_SHOWN_MS = 10 * 60_000;

/** The interruption that a board says something of now. */
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
  /** Counts accepted bids and raised ceilings, without a gap. */
  readonly sequence: number;
  /** The last one's id. */
  readonly bidId: string;
  readonly bids: number;
  readonly price: number;
  readonly leaderId: string;
  /** How high the leader goes; nobody is told. */
  readonly ceiling: number;
  readonly leaderSequence: number;
  /** When it was decided, by the auction's own time, which never goes back. */
  readonly at: Date;
}

/** A bidder and the highest they have bid, in minor units. */
export interface Bidder {
  readonly bidderId: string;
  readonly amount: number;
}

/** How high a bidder has gone, and since which accepted bid: of equals the earliest leads. */
export interface Commitment extends Bidder {
  readonly sequence: number;
}

/**
 * Who may buy now. Round 0 is the winner; later rounds are offers to runners-up, which wait for a
 * press until `offerUntil`. `over` when nobody is left to ask.
 */
export interface Claim extends Bidder {
  readonly round: number;
  readonly state: "offered" | "ordered" | "paid" | "over";
  readonly offerUntil: Date | undefined;
  /** How long the page is waited for, where the builder's account took no money at their turn. */
  readonly pageUntil: Date | undefined;
}

/** The table of increments of an auction, in minor units of its currency. */
export function incrementsFor(auction: Auction): readonly Increment[] {
  return incrementsOf(auction, minorUnitsOf(auction.currency));
}

/** The least that may be bid now. */
export function leastBid(auction: Auction): number {
  const { standing, startPrice } = auction;
  return standing ? nextAmount(standing.price, incrementsFor(auction)) : startPrice;
}

/** Whether the leader goes as high as the reserve, or there is none to go by; never how high that is. */
export function isReserveMet({
  standing,
  reserve,
  isReserveWaived,
}: Pick<Auction, "standing" | "reserve" | "isReserveWaived">): boolean {
  return isReserveWaived || (standing?.ceiling ?? 0) >= reserve;
}

/** Whether an auction is sold and somebody may still pay, or has: then its item is not for sale again. */
export function isResultStanding({ state, claim }: Pick<Auction, "state" | "claim">): boolean {
  return state === "sold" && claim?.state !== "over";
}

/** Whether the hammer is about to fall on somebody's bid. */
export function isGoingOnce(
  { state, standing, endsAt }: Pick<Auction, "state" | "standing" | "endsAt">,
  now: Date,
): boolean {
  if (state !== "live" || !standing || !endsAt) return false;
  return endsAt.getTime() - now.getTime() <= GOING_ONCE_MS + TASK_EARLY_MS;
}

/** The order of a round: the same however often it is made. */
export function auctionOrderId(auctionId: string, round: number): string {
  return `auction-${auctionId}-${round}`;
}
