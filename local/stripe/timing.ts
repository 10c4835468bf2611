/** What happens to a refund that the balance covers. */
export type RefundOutcome =
  /** The buyer receives it immediately. */
  | { readonly kind: "succeeds" }
  /** It is pending for a while and then succeeds. */
  | { readonly kind: "waits"; readonly ms: number }
  /** It succeeds, and the buyer's bank returns it after a while. */
  | { readonly kind: "fails"; readonly ms: number };

/**
 * Delays and fees. Each function is called once per charge or refund. Omitted fields mean no delay
 * and no fee.
 */
export interface StripeTiming {
  /**
   * How long a charge's funds stay pending:
   * https://docs.stripe.com/connect/account-balances#accounting-for-pending-balances
   */
  readonly fundsMs?: () => number;
  /**
   * How long after the payment a charge gets its balance transaction, which `charge.updated` then
   * reports:
   * https://docs.stripe.com/payments/payment-intents/asynchronous-capture
   */
  readonly bookedMs?: () => number;
  readonly refundOutcome?: () => RefundOutcome;
  /**
   * Whether a refund stays pending until the platform's available balance covers it. Otherwise the
   * balance becomes negative. https://docs.stripe.com/refunds#pending-refunds
   */
  readonly refundsNeedFunds?: boolean;
  /**
   * The fee per chargeback in minor units of its currency; Stripe keeps it whatever the outcome.
   */
  readonly disputeFee?: number;
}
