import { StripeRefusedError } from "../../../shared/clients/stripe/errors.ts";
import type { Deps } from "../deps.ts";

/** Dependencies of `withCustomer`. */
export type CustomerDeps = Pick<Deps, "customers" | "stripe">;

/**
 * Opens a Checkout Session for the customer that a buyer is at Stripe, which fills in the address of their last order.
 * One is created for their first order, and again if staff have deleted it at Stripe. Idempotency: the same buyer gets
 * the same customer.
 */
export async function withCustomer<T>(
  buyerId: string,
  open: (customerId: string) => Promise<T>,
  deps: CustomerDeps,
): Promise<T> {
  const known = await deps.customers.get(buyerId);
  const customerId = known ?? (await create(buyerId, undefined, deps));
  try {
    return await open(customerId);
  } catch (error) {
    if (!(error instanceof StripeRefusedError && error.isLostCustomer)) throw error;
    return open(await create(buyerId, customerId, deps));
  }
}

async function create(
  buyerId: string,
  instead: string | undefined,
  { customers, stripe }: CustomerDeps,
): Promise<string> {
  const created = await stripe.createCustomer(buyerId, instead);
  return customers.keep(buyerId, created, instead);
}
