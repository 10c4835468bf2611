import type { Call } from "./call.ts";
import { once, StripeRefusedError } from "./errors.ts";

/** Buyers as customers of the platform's account. */
export function buyerCalls(call: Call) {
  return {
    /**
     * Creates a customer, whose saved address fills in later Checkout pages. Idempotent for a day per user and
     * `instead`, the deleted customer that it replaces; keep the id, because Stripe's search finds a new customer
     * only after a while.
     */
    createCustomer: (userId: string, instead?: string): Promise<string> =>
      call(async (stripe) => {
        const key = ["customer", userId, ...(instead === undefined ? [] : [instead])].join(":");
        const customer = await once(key, (options) =>
          stripe.customers.create({ metadata: { user_id: userId } }, options),
        );
        return customer.id;
      }),

    /**
     * Deletes a customer with the address saved on it. Idempotent. Sessions, payments and charges keep theirs: only a
     * redaction at Stripe removes them. https://docs.stripe.com/privacy/redaction
     */
    deleteCustomer: async (id: string): Promise<void> => {
      try {
        await call((stripe) => stripe.customers.del(id));
      } catch (error) {
        const isGone = error instanceof StripeRefusedError && error.code === "resource_missing";
        if (!isGone) throw error;
      }
    },
  };
}
