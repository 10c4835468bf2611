import { StripeError } from "./stripe-error.ts";

/** Error details by status: https://docs.stripe.com/api/errors */
const FAILURES: Readonly<Record<number, { type?: string; code?: string; declineCode?: string }>> = {
  401: { code: "api_key_expired" },
  402: { type: "card_error", code: "card_declined", declineCode: "generic_decline" },
  409: { code: "lock_timeout" },
  429: { code: "rate_limit" },
};

/** The error that a planned fault answers a call with. A 5xx has the type of a server error. */
export function plannedFailure(status: number): StripeError {
  const details = FAILURES[status] ?? (status >= 500 ? { type: "api_error" } : {});
  return new StripeError("A planned failure.", { status, ...details });
}
