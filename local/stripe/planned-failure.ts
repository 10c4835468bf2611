import { StripeError } from "./stripe-error.ts";

/** What Stripe says with each status: https://docs.stripe.com/api/errors */
const FAILURES: Readonly<Record<number, { type?: string; code?: string; declineCode?: string }>> = {
  401: { code: "api_key_expired" },
  402: { type: "card_error", code: "card_declined", declineCode: "generic_decline" },
  409: { code: "lock_timeout" },
  429: { code: "rate_limit" },
};

/** The refusal with which a planned fault fails a call. A 5xx is Stripe's own fault and says so. */
export function plannedFailure(status: number): StripeError {
  const details = FAILURES[status] ?? (status >= 500 ? { type: "api_error" } : {});
  return new StripeError("A planned failure.", { status, ...details });
}
