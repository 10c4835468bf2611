/** Something that somebody bought anywhere, as its shop has it. Amounts are minor units. */
export interface SoldItem {
  readonly id: string;
  readonly provider: string;
  /** The items, without shipping and tax. */
  readonly base: number;
  /** All that was paid. */
  readonly paid: number;
  readonly currency: string;
  readonly soldAtMs: number;
  /** The lobby that it names. */
  readonly named: string | undefined;
  /** At Stripe. */
  readonly chargeId: string | undefined;
}

/** A movement of money as it was posted. */
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

/** A payout as it is stored. */
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

/** What an account has in one currency. */
export interface Wallet {
  readonly balance: number;
  readonly frozen: number;
}

/** What must be known by now: we answered that it is stored. */
export interface Heard {
  mustBeBooked(sale: SoldItem): boolean;
  /** What went back of a sale that is not Stripe's, at least. */
  mustBeBack(sale: SoldItem): number;
}

/** Amounts by account, and by lobby where it was earned in one. */
export type Sums = ReadonlyMap<string, number>;

/** Nobody has anything. */
export const NOTHING: Sums = new Map();
/** An account that never had anything. */
export const EMPTY: Wallet = { balance: 0, frozen: 0 };

/** Whose an amount is, and in which lobby it was earned. */
export function keyOf(account: string, lobbyId: string | undefined): string {
  return lobbyId === undefined ? account : `${account} ${lobbyId}`;
}

/** What a movement gives to whom. */
export function sumsOf({ postings }: Posted): Sums {
  const sums = new Map<string, number>();
  for (const { account, lobbyId, amount } of postings) {
    const key = keyOf(account, lobbyId);
    sums.set(key, (sums.get(key) ?? 0) + amount);
  }
  return sums;
}

/** How much more each has in the one than in the other. */
export function minus(one: Sums, other: Sums): Sums {
  const keys = new Set([...one.keys(), ...other.keys()]);
  return new Map([...keys].map((key) => [key, (one.get(key) ?? 0) - (other.get(key) ?? 0)]));
}

/** All that is not zero, by name. */
export function inOrder(sums: Sums): (readonly [string, number])[] {
  return [...sums]
    .filter(([, sum]) => sum !== 0)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
}
