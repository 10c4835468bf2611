/** What becomes of a refund that Stripe could make. */
export type RefundFate =
  /** The buyer has it at once. */
  | { readonly kind: "succeeds" }
  /** It is on its way for a while, and then succeeds. */
  | { readonly kind: "waits"; readonly ms: number }
  /** It succeeds, and the buyer's bank sends it back after a while. */
  | { readonly kind: "fails"; readonly ms: number };

/**
 * What takes time or costs money at Stripe. Each function is asked once for each charge or refund. What is left
 * out takes no time and costs nothing.
 */
export interface StripeTiming {
  /**
   * How long the funds of a charge are pending:
   * https://docs.stripe.com/connect/account-balances#accounting-for-pending-balances
   */
  readonly fundsMs?: () => number;
  /**
   * How long after the payment a charge has its balance transaction, which `charge.updated` then brings:
   * https://docs.stripe.com/payments/payment-intents/asynchronous-capture
   */
  readonly bookedMs?: () => number;
  readonly refundFate?: () => RefundFate;
  /**
   * Whether a refund that the platform's available balance does not cover is pending until it does. Otherwise
   * the balance goes below zero. https://docs.stripe.com/refunds#pending-refunds
   */
  readonly refundsNeedFunds?: boolean;
  /** What each chargeback costs, in minor units of its currency; it stays with Stripe whatever the outcome. */
  readonly disputeFee?: number;
}
