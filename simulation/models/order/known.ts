import type { StripeBooks } from "../stripe-books.ts";
import type {
  CaseState,
  DebtState,
  OrderState,
  ParcelState,
  RefundState,
  TermsState,
} from "./state.ts";

/** Settings that apply to all orders of a platform. */
export interface Terms {
  /** The platform's fee in basis points of the price. */
  readonly feeBps: number;
  /** How long held money waits for proof. */
  readonly heldMs: number;
  /** Whether held money waits for the parcel as well. */
  readonly isHeldUntilSent: boolean;
  /** The maximum error of clocks. */
  readonly skewMs: number;
}

/**
 * The state of a replay: what is stored, what Stripe did, and everything that has ever been true.
 */
export interface Known {
  readonly terms: Terms;
  readonly books: StripeBooks;
  readonly orders: Map<string, OrderState>;
  /** Refunds by order and id. */
  readonly refunds: Map<string, RefundState>;
  readonly debts: Map<string, DebtState>;
  readonly parcels: Map<string, ParcelState>;
  /** How builders, drops and auctions ship: every version with the time from which it counts. */
  readonly shippingTerms: Map<
    string,
    readonly {
      readonly fromMs: number;
      readonly version: NonNullable<TermsState["terms"]>;
    }[]
  >;
  /** By order. */
  readonly cases: Map<string, CaseState>;
  /** Each of Stripe's refunds that is booked. */
  readonly booked: Set<string>;
  /**
   * Facts such as "order 1 was paid": everything that was ever true of orders, refunds and
   * disputes.
   */
  readonly been: Set<string>;
}

/**
 * Whether this debt is a dispute fee, which the platform may charge the builder and which is not
 * part of the price.
 */
export function isFee({ id }: DebtState): boolean {
  return id.endsWith("-fee");
}

/** The sum of amounts. */
export function sumOf(items: readonly { readonly amount: number }[]): number {
  return items.reduce((sum, { amount }) => sum + amount, 0);
}
