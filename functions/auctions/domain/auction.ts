import type { DocumentOf } from "../../../shared/documents/define-document.ts";
import { minorUnitsOf } from "../../../shared/money/money.ts";
import { MAX_PRICE } from "../../shop/domain/drop.ts";
import type { auctionDocument } from "../documents/auction.ts";

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
/** The same as for drops, in minor units. */
export const MAX_AMOUNT = MAX_PRICE;
/** Boards show "going once" during this time before the end. */
export const GOING_ONCE_MS = 10_000;
/** The clock of Cloud Tasks is not ours, so the task that updates the board may be this early. */
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

type StoredAuction = DocumentOf<typeof auctionDocument>;

/** An auction as it is recorded. */
export interface Auction extends Omit<StoredAuction, "standing" | "imageReadAt"> {
  /** The last recorded bid, with the number of bids up to it; undefined without one. */
  readonly recorded: Pick<Standing, "sequence" | "bidId" | "bids" | "at"> | undefined;
  /** The leader and the price after that bid; undefined if nobody's bid counts. */
  readonly standing: Standing | undefined;
  readonly imageReadAt: Date;
}

export type AuctionState = Auction["state"];

/**
 * Why an auction was cancelled instead of opened: its channel had an auction, the bot may not post there, or every run
 * that should have opened it ended too early.
 */
export type OpeningProblem = NonNullable<Auction["couldNotOpen"]>;

/** The terms that are fixed before the first bid. Amounts in minor units, times in milliseconds. */
export type AuctionTerms = ReturnType<typeof termsOf>;

/** An auction's terms, under which its item can be auctioned again. */
export function termsOf({
  builderId,
  title,
  currency,
  plan,
  shipping,
  startPrice,
  reserve,
  increment,
  durationMs,
  counterBidMs,
}: Auction) {
  return {
    builderId,
    title,
    currency,
    plan,
    shipping,
    startPrice,
    reserve,
    increment,
    durationMs,
    counterBidMs,
  };
}

/** An auction after its last accepted bid. Amounts in minor units. */
export type Standing = NonNullable<StoredAuction["standing"]>;

/** A bidder and the highest they have bid, in minor units. */
export type Bidder = Auction["runnersUp"][number];

/** A bidder's highest amount and the sequence of its bid: of equal amounts, the earliest leads. */
export interface Commitment extends Bidder {
  readonly sequence: number;
}

/** The bidder who may buy now, whether they were offered the item, and until when. */
export type Claim = NonNullable<Auction["claim"]>;

/** A pause of bidding because bids were lost. */
export type Interruption = NonNullable<Auction["interruption"]>;

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

/** The message of a board that is pinned, or may be. */
export type BoardPin = NonNullable<Board["pin"]>;

type Board = Auction["boards"][number];

/** The message that is to be pinned in a board's channel: the board, while the auction runs. */
export function pinWantedOf({ state }: Pick<Auction, "state">, board: Board): string | undefined {
  return state === "live" ? board.messageId : undefined;
}

/** Whether a board's channel has another message of ours pinned than it should. */
export function isPinOwed(auction: Pick<Auction, "state">, board: Board): boolean {
  return board.pin?.messageId !== pinWantedOf(auction, board) || board.pin?.state === "begun";
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
