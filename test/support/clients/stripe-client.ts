import Stripe from "stripe";
import type { TestCloud } from "../cloud.ts";

/** Stripe's own client, connected to the simulator. */
export function stripeClient({ settings, stripe, fetch }: TestCloud): Stripe {
  const { hostname, port } = new URL(stripe.url);
  return new Stripe(settings.STRIPE_SECRET_KEY ?? "", {
    host: hostname,
    port: port || 80,
    protocol: "http",
    httpClient: Stripe.createFetchHttpClient(fetch),
    telemetry: false,
  });
}
