import { type LedgerTransaction, racerAccount } from "../../../shared/money/ledger.ts";

const DAY_MS = 24 * 3_600_000;

/** Buyers may dispute a payment for this long: https://docs.stripe.com/disputes/how-disputes-work */
const DISPUTABLE_MS = 120 * DAY_MS;
/** Banks take two to three months to decide. */
const DECIDED_WITHIN_MS = 90 * DAY_MS;
/** A debt is written off after this time if the person does not come back. */
const DEBT_KEPT_MS = 3 * 365 * DAY_MS;

/** Amounts by currency, in minor units; none of them 0. */
export type Amounts = Readonly<Record<string, number>>;

/** What someone who was forgotten owes. A negative amount is owed to them. */
export interface Owed {
  /** From shares in merch sales, by the ledger. */
  readonly asRacer: Amounts;
  /** From refunds and disputes of what they sold. */
  readonly asBuilder: Amounts;
}

export const NOTHING_OWED: Owed = { asRacer: {}, asBuilder: {} };

/** Until when a sale can be charged back: the latest possible dispute plus the bank's time to decide. */
export function chargeableUntil(soldAt: Date): Date {
  return new Date(soldAt.getTime() + DISPUTABLE_MS + DECIDED_WITHIN_MS);
}

/** When a tombstone is deleted: nothing can be charged back any more, and the debt is settled or written off. */
export function tombstoneExpiry(owed: Owed, chargeable: Date, now: Date): Date {
  const debtEndsMs = owesNothing(owed) ? now.getTime() : now.getTime() + DEBT_KEPT_MS;
  return new Date(Math.max(debtEndsMs, chargeable.getTime()));
}

export function owesNothing({ asRacer, asBuilder }: Owed): boolean {
  return [...Object.keys(asRacer), ...Object.keys(asBuilder)].length === 0;
}

/** The sum of two sets of amounts. */
export function plus(amounts: Amounts, more: Amounts): Amounts {
  const sums = { ...amounts };
  for (const [currency, amount] of Object.entries(more)) {
    sums[currency] = (sums[currency] ?? 0) + amount;
  }
  return Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount !== 0));
}

/** The same amounts with the opposite sign. */
export function negated(amounts: Amounts): Amounts {
  return Object.fromEntries(
    Object.entries(amounts).map(([currency, amount]) => [currency, -amount]),
  );
}

/** The sum of what someone owes and of what they owe besides. */
export function plusOwed({ asRacer, asBuilder }: Owed, more: Owed): Owed {
  return { asRacer: plus(asRacer, more.asRacer), asBuilder: plus(asBuilder, more.asBuilder) };
}

/**
 * What to move from a forgotten person's account to the common account of forgotten people: the whole negative
 * balance. Money that comes in later, such as after an appeal, moves part of the debt back, but at most what was
 * moved before: a balance that they gave up when they left is not a debt.
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

/** A moved debt counts from the beginning of time, like a payout. */
const ALWAYS = new Date(0);

/**
 * Moves a debt between a person's account and the common account of forgotten people. A positive amount reduces
 * the person's debt, a negative one increases it.
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
    id: forgottenDebtId(`${id}.${currency}`),
    kind: "forgotten-debt",
    at,
    currency,
    saleId: undefined,
    postings: [
      { ...shared, account: racerAccount(userId), amount },
      { ...shared, account: "forgotten", amount: -amount },
    ],
  };
}
