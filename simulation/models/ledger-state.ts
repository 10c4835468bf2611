/** A sale as its shop knows it. Amounts are minor units. */
export interface SoldItem {
  readonly id: string;
  readonly provider: string;
  /** The items, without shipping and tax. */
  readonly base: number;
  /** The total paid. */
  readonly paid: number;
  readonly currency: string;
  readonly soldAtMs: number;
  /** The lobby named in the sale. */
  readonly named: string | undefined;
  /** The charge's id at Stripe. */
  readonly chargeId: string | undefined;
}

/** A ledger transaction as it was posted. */
export interface Posted {
  readonly id: string;
  readonly kind: string;
  readonly currency: string;
  readonly saleId: string | undefined;
  readonly postings: readonly {
    readonly account: string;
    readonly lobbyId: string | undefined;
    readonly amount: number;
    readonly isFrozen: boolean;
  }[];
}

/** A stored payout. */
export interface PayoutState {
  readonly id: string;
  readonly racer: string;
  readonly amount: number;
  readonly currency: string;
  readonly method: string;
  readonly account: string | undefined;
  readonly state: string;
  readonly transferId: string | undefined;
}

/** An account's balance in one currency. */
export interface Wallet {
  readonly balance: number;
  readonly frozen: number;
}

/** What the product must know, because its answer confirmed that it was stored. */
export interface Confirmed {
  mustBeBooked(sale: SoldItem): boolean;
  /** The minimum amount refunded of a sale outside Stripe. */
  mustBeBack(sale: SoldItem): number;
}

/** Amounts by account, and by lobby where they were earned in one. */
export type Sums = ReadonlyMap<string, number>;

/** No amounts. */
export const NOTHING: Sums = new Map();
/** The wallet of an account without postings. */
export const EMPTY: Wallet = { balance: 0, frozen: 0 };

/** The key of an account, and of the lobby where the amount was earned. */
export function keyOf(account: string, lobbyId: string | undefined): string {
  return lobbyId === undefined ? account : `${account} ${lobbyId}`;
}

/** The sums of a transaction by key. */
export function sumsOf({ postings }: Posted): Sums {
  const sums = new Map<string, number>();
  for (const { account, lobbyId, amount } of postings) {
    const key = keyOf(account, lobbyId);
    sums.set(key, (sums.get(key) ?? 0) + amount);
  }
  return sums;
}

/** The differences of two sums by key. */
export function minus(one: Sums, other: Sums): Sums {
  const keys = new Set([...one.keys(), ...other.keys()]);
  return new Map([...keys].map((key) => [key, (one.get(key) ?? 0) - (other.get(key) ?? 0)]));
}

/** All sums that are not zero, sorted by key. */
export function inOrder(sums: Sums): (readonly [string, number])[] {
  return [...sums]
    .filter(([, sum]) => sum !== 0)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
}
