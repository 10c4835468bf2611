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
  readonly decidedAt: Date;
}

const HOUR_MS = 3_600_000;

/**
 * How long a reversal may be made. Stripe forgets a refusal after a day and would then execute the same call.
 * https://docs.stripe.com/api/idempotent_requests
 */
const MAKE_FOR_MS = 12 * HOUR_MS;

/**
 * For how long after that a run may still be making it. This is longer than any function may run, and shorter than
 * the time for which Pub/Sub delivers a message again.
 */
const IN_DOUBT_FOR_MS = HOUR_MS / 2;

/**
 * What may be done about a reversal that was decided. `make`: it can be made at Stripe. `wait`: another run may still
 * be making it. `look`: nobody makes it any more; it was made or never will be.
 */
export function stepOf({ decidedAt }: Reversal, now: Date): "make" | "wait" | "look" {
  const age = now.getTime() - decidedAt.getTime();
  if (age < MAKE_FOR_MS) return "make";
  return age < MAKE_FOR_MS + IN_DOUBT_FOR_MS ? "wait" : "look";
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
  now: Date,
): Reversal {
  const amount = Math.min(leftOf(debt), most);
  return { attempt: reversals + 1, amount, decidedAt: now };
}

/** The sums of a debt after a reversal that took back `taken`. All are minor units. */
export function sumsAfterReversal(
  { settled, reversed }: Pick<Debt, "settled" | "reversed">,
  taken: number,
): Pick<Debt, "settled" | "reversed"> {
  return { settled: settled + taken, reversed: reversed + taken };
}
