import Stripe from "stripe";
import type { TestCloud } from "./cloud.ts";

/** A client that asks the stand-in as anybody would. */
export function stripeClient({ settings, stripe }: TestCloud): Stripe {
  const { hostname, port } = new URL(stripe.url);
  const server = { host: hostname, port, protocol: "http" as const };
  return new Stripe(settings.STRIPE_SECRET_KEY ?? "", server);
}
