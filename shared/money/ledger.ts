import * as z from "zod/mini";

/** Who or what money is owed to: a person, the platform, or where money comes from and goes. */
export type Account =
  | `racer:${string}`
  | "platform"
  | `sales:${Provider}`
  | `clawbacks:${Provider}`
  | "payouts"
  // The common account of what forgotten people owe.
  | "forgotten";

/** Where sales come from: "stripe", or a provider of merch by its name. */
export const provider = z.string().check(z.regex(/^[a-z]{1,20}$/));
export type Provider = z.infer<typeof provider>;

/**
 * What a transaction of the ledger was made for. `freeze` moves shares of a disputed sale between what can
 * be paid out and what cannot, within their accounts. `forgotten-debt` moves what someone owes who was
 * forgotten, or has come back.
 */
export const transactionKinds = [
  "sale",
  "refund",
  "freeze",
  "payout",
  "payout-returned",
  "adjustment",
  "forgotten-debt",
] as const;
export type TransactionKind = (typeof transactionKinds)[number];

/** One line of the ledger. */
export interface Posting {
  readonly account: Account;
  /** What the account is owed more by it, in minor units; negative for less. Never 0. */
  readonly amount: number;
  /** From then on it may be paid out; what is taken back goes with what it is taken from. */
  readonly availableAt: Date;
  /** The lobby it was earned in. */
  readonly lobbyId: string | undefined;
}

/** Why an operator made a transaction by hand, and which one. Nobody else is named in it. */
export interface TransactionNote {
  readonly reason: string;
  readonly author: string;
}

/** One movement of money: its postings sum to zero in its one currency. */
export interface LedgerTransaction {
  /** Taken from its cause, so that one cause has one. */
  readonly id: string;
  readonly kind: TransactionKind;
  readonly at: Date;
  /** ISO 4217, in small letters. */
  readonly currency: string;
  /** The sale it belongs to, for sales and refunds. */
  readonly saleId: string | undefined;
  readonly postings: readonly Posting[];
  /** For what was booked by hand. */
  readonly note?: TransactionNote | undefined;
  /** The transaction that this one takes back. */
  readonly reverses?: string | undefined;
}

/** When frozen money may be paid out: never, so that it is in no sum of available money. */
export const FROZEN = new Date("9999-01-01T00:00:00Z");

/** The account of a person. */
export function racerAccount(userId: string): Account {
  return `racer:${userId}`;
}

/** Throws RangeError unless the postings sum to zero, in whole minor units, none of them empty. */
export function assertBalanced({ id, postings }: LedgerTransaction): void {
  const sum = postings.reduce((total, { amount }) => total + amount, 0);
  const areWhole = postings.every(({ amount }) => Number.isSafeInteger(amount) && amount !== 0);
  if (sum === 0 && areWhole) return;
  throw new RangeError(`The postings of ${id} sum to ${sum}, or are not whole.`);
}
