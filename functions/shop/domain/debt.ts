/** What a builder owes for one order and cause. Amounts are minor units. */
export interface Debt {
  readonly builderId: string;
  readonly id: string;
  /** Undefined for a debt from before the builder was forgotten. */
  readonly orderId: string | undefined;
  readonly currency: string;
  readonly amount: number;
  /** The part that is paid: reversed, or withheld from a later transfer. */
  readonly settled: number;
  /** The part of `settled` that was reversed from the order's transfers. */
  readonly reversed: number;
  /** The reversal under way, if any; Stripe may or may not have made it. */
  readonly reversal: Reversal | undefined;
}

/** A reversal that was decided. */
export interface Reversal {
  /** Number of this reversal within the debt; a new number is a new call to Stripe. */
  readonly attempt: number;
  readonly amount: number;
}

/** What of a debt is not settled. Minor units of its currency. */
export function leftOf({ amount, settled }: Pick<Debt, "amount" | "settled">): number {
  return amount - settled;
}

/** What is left of debts in total: by currency, in minor units. */
export function leftByCurrency(
  debts: readonly Pick<Debt, "currency" | "amount" | "settled">[],
): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const debt of debts) {
    sums.set(debt.currency, (sums.get(debt.currency) ?? 0) + leftOf(debt));
  }
  return sums;
}

/** What was reversed for debts in total, which have one currency, including reversals under way. Minor units. */
export function reversedFor(debts: readonly Pick<Debt, "reversed" | "reversal">[]): number {
  return debts.reduce((sum, { reversed, reversal }) => sum + reversed + (reversal?.amount ?? 0), 0);
}

/** The reversal after `reversals` earlier ones: of all that is left of a debt, but at most `most` minor units. */
export function nextReversal(
  debt: Pick<Debt, "amount" | "settled">,
  reversals: number,
  most: number,
): Reversal {
  const left = leftOf(debt);
  return { attempt: reversals + 1, amount: Math.min(left, most) };
}

/** The sums of a debt after a reversal that took back `taken`. All are minor units. */
export function sumsAfterReversal(
  { settled, reversed }: Pick<Debt, "settled" | "reversed">,
  taken: number,
): Pick<Debt, "settled" | "reversed"> {
  return { settled: settled + taken, reversed: reversed + taken };
}
