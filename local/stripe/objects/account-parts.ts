/** A connected account's capabilities and their status. */
export type Capabilities = Partial<
  Record<"transfers" | "card_payments", "active" | "inactive" | "pending">
>;

/**
 * Which party bears fees, losses and requirements of a connected account:
 * https://docs.stripe.com/api/accounts/object
 */
export interface Controller {
  readonly type: "application";
  readonly is_controller: true;
  readonly fees: { readonly payer: "application" | "application_express" | "account" };
  readonly losses: { readonly payments: "application" | "stripe" };
  readonly requirement_collection: "stripe";
  readonly stripe_dashboard: { readonly type: "express" | "full" | "none" };
}

/** The information that Stripe still needs about an account. */
export interface Requirements {
  readonly alternatives: readonly [];
  readonly current_deadline: number | null;
  readonly currently_due: readonly string[];
  readonly disabled_reason: string | null;
  readonly errors: readonly [];
  readonly eventually_due: readonly string[];
  readonly past_due: readonly string[];
  readonly pending_verification: readonly string[];
}

/** Requirements with the given lists; the others are empty. */
export function requirements(due: Partial<Requirements> = {}): Requirements {
  return {
    alternatives: [],
    current_deadline: null,
    currently_due: [],
    disabled_reason: null,
    errors: [],
    eventually_due: [],
    past_due: [],
    pending_verification: [],
    ...due,
  };
}
