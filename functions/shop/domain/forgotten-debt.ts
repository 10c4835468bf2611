import { type LedgerTransaction, racerAccount } from "../../../shared/money/ledger.ts";

const DAY_MS = 24 * 3_600_000;

/** Buyers may dispute a payment for this long: https://docs.stripe.com/disputes/how-disputes-work */
const DISPUTABLE_MS = 120 * DAY_MS;
/** Banks take two to three months to decide. */
const DECIDED_WITHIN_MS = 90 * DAY_MS;
/** A debt is given up after this if the person does not come back. */
const DEBT_KEPT_MS = 3 * 365 * DAY_MS;

/** Amounts by currency, in minor units; none of them 0. */
export type Amounts = Readonly<Record<string, number>>;

/** What someone who was forgotten owes. A negative amount is what they have paid too much. */
export interface Owed {
  /** Of shares in merch sales: of the ledger's. */
  readonly asRacer: Amounts;
  /** Of refunds and disputes of what they sold. */
  readonly asBuilder: Amounts;
}

export const NOTHING_OWED: Owed = { asRacer: {}, asBuilder: {} };

/**
 * Until when money of a sale can be charged back: the latest dispute plus the bank's time to decide.
 */
export function chargeableUntil(soldAt: Date): Date {
  return new Date(soldAt.getTime() + DISPUTABLE_MS + DECIDED_WITHIN_MS);
}

/**
 * When a tombstone is deleted: nothing can be charged back any more, and the debt is settled or given up.
 */
export function tombstoneExpiry(owed: Owed, chargeable: Date, now: Date): Date {
  const debtEndsMs = owesNothing(owed) ? now.getTime() : now.getTime() + DEBT_KEPT_MS;
  return new Date(Math.max(debtEndsMs, chargeable.getTime()));
}

export function owesNothing({ asRacer, asBuilder }: Owed): boolean {
  return [...Object.keys(asRacer), ...Object.keys(asBuilder)].length === 0;
}

/** Amounts with more of some currencies, or less. */
export function plus(amounts: Amounts, more: Amounts): Amounts {
  const sums = { ...amounts };
  for (const [currency, amount] of Object.entries(more)) {
    sums[currency] = (sums[currency] ?? 0) + amount;
  }
  return Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount !== 0));
}

/**
 * What is to be moved from the account of someone forgotten to the common account of forgotten people: its
 * whole negative balance. What returns to it later, such as by an appeal, is moved back, at most what was
 * moved before: what they gave up when they left is nobody's debt.
 */
export function toMove(balances: Amounts, moved: Amounts): Amounts {
  const moves = Object.entries(balances).map(
    ([currency, balance]) => [currency, Math.max(-balance, -(moved[currency] ?? 0))] as const,
  );
  return Object.fromEntries(moves.filter(([, amount]) => amount !== 0));
}

/** The id of the transaction that moves a debt. */
export function forgottenDebtId(id: string): string {
  return `forgotten-debt.${id}`;
}

/** It counts from the beginning of time, like a payout. */
const ALWAYS = new Date(0);

/**
 * Moves debts between someone's account and the common account of forgotten people. A positive amount leaves
 * the person's account with less debt, a negative one with more. Neither posting names the other person.
 */
export function forgottenDebtTransaction(
  {
    id,
    userId,
    currency,
    amount,
  }: { id: string; userId: string; currency: string; amount: number },
  at: Date,
): LedgerTransaction {
  const shared = { availableAt: ALWAYS, lobbyId: undefined };
  return {
    ...{ id: forgottenDebtId(`${id}.${currency}`), kind: "forgotten-debt", at, currency },
    saleId: undefined,
    postings: [
      { ...shared, account: racerAccount(userId), amount },
      { ...shared, account: "forgotten", amount: -amount },
    ],
  };
}
