import type StripeLibrary from "stripe";

/** Makes one call to Stripe. Throws StripeRefusedError when a retry cannot help. */
export type Call = <T>(work: (stripe: StripeLibrary) => Promise<T>) => Promise<T>;

/** The most objects that Stripe returns in one page. https://docs.stripe.com/api/pagination */
export const PAGE = 100;
