import * as z from "zod/mini";

/** An account of the ledger: a person, the platform, or a source or destination of money. */
export type Account =
  | `racer:${string}`
  | "platform"
  | `sales:${Provider}`
  | `clawbacks:${Provider}`
  | "payouts"
  // The common account for the debts of forgotten people.
  | "forgotten";

/** Where sales come from: "stripe", or a provider of merch by its name. */
export const provider = z.string().check(z.regex(/^[a-z]{1,20}$/));
export type Provider = z.infer<typeof provider>;

/**
 * The purpose of a ledger transaction. `freeze` moves shares of a disputed sale between available and frozen, within
 * their accounts. `forgotten-debt` moves the debt of someone who was forgotten or has come back.
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
  /** By how much it increases what the account is owed, in minor units; negative for a decrease. Never 0. */
  readonly amount: number;
  /** When it may be paid out; a clawback has the time of its share. */
  readonly availableAt: Date;
  /** The lobby in which it was earned. */
  readonly lobbyId: string | undefined;
}

/** Why an operator made a transaction by hand, and which operator. It names nobody else. */
export interface TransactionNote {
  readonly reason: string;
  readonly author: string;
}

/** One movement of money: its postings sum to zero in its one currency. */
export interface LedgerTransaction {
  /** Derived from its cause, so that each cause has one transaction. */
  readonly id: string;
  readonly kind: TransactionKind;
  readonly at: Date;
  /** ISO 4217, in lower case. */
  readonly currency: string;
  /** The sale it belongs to, for sales and refunds. */
  readonly saleId: string | undefined;
  readonly postings: readonly Posting[];
  /** Only for transactions that an operator booked. */
  readonly note?: TransactionNote | undefined;
  /** The id of the transaction that this one reverses. */
  readonly reverses?: string | undefined;
}

/** The `availableAt` of frozen money: so far ahead that no sum of available money includes it. */
export const FROZEN = new Date("9999-01-01T00:00:00Z");

/** The account of a person. */
export function racerAccount(userId: string): Account {
  return `racer:${userId}`;
}

/** Throws RangeError unless the postings are whole minor units other than 0 and sum to zero. */
export function assertBalanced({ id, postings }: LedgerTransaction): void {
  const sum = postings.reduce((total, { amount }) => total + amount, 0);
  const areWhole = postings.every(({ amount }) => Number.isSafeInteger(amount) && amount !== 0);
  if (sum === 0 && areWhole) return;
  throw new RangeError(`The postings of ${id} sum to ${sum}, or are not whole.`);
}
