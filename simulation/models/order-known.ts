import type { DebtState, OrderState, RefundState } from "./order-state.ts";
import type { StripeBooks } from "./stripe-books.ts";

/** What holds for all orders of a platform. */
export interface Terms {
  /** The platform's part of a price, in basis points. */
  readonly feeBps: number;
  /** So long held money waits for a proof. */
  readonly heldMs: number;
  /** By so much clocks may be off. */
  readonly skewMs: number;
}

/** All that is known at one moment of a replay: what is stored, what Stripe did, and what has ever been. */
export interface Known {
  readonly terms: Terms;
  readonly books: StripeBooks;
  readonly orders: Map<string, OrderState>;
  /** By order and id. */
  readonly refunds: Map<string, RefundState>;
  readonly debts: Map<string, DebtState>;
  /** Each of Stripe's refunds that is booked. */
  readonly booked: Set<string>;
  /** Such as "order 1 was paid": all that orders, refunds and disputes have been. */
  readonly been: Set<string>;
}

/** The fee of a dispute is the builder's where the platform says so, and no part of the order's price. */
export function isFee({ id }: DebtState): boolean {
  return id.endsWith("-fee");
}

/** The sum of amounts. */
export function sumOf(items: readonly { readonly amount: number }[]): number {
  return items.reduce((sum, { amount }) => sum + amount, 0);
}
