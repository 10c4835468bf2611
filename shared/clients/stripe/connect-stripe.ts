import type { Connections } from "../../ports/connections.ts";
import type { Config } from "../../runtime/config.ts";
import { lazy } from "../../runtime/lazy.ts";
import type { Log } from "../../runtime/log.ts";
import { accountCalls } from "./accounts.ts";
import { buyerCalls } from "./buyers.ts";
import type { Call } from "./call.ts";
import { checkoutCalls } from "./checkout.ts";
import { explained } from "./errors.ts";
import { stripeLists } from "./lists.ts";
import { refundCalls } from "./refunds.ts";
import { transferCalls } from "./transfers.ts";

/** Our calls to Stripe. Methods throw StripeRefusedError when a retry cannot help. */
export type Stripe = ReturnType<typeof connectStripe>;

const REQUEST_TIMEOUT_MS = 15_000;
/** The library's own, with one idempotency key for all tries of a call. */
const MAX_NETWORK_RETRIES = 2;

/**
 * Connects to Stripe as the platform. Every call that creates something has an idempotency key made of our ids.
 * Calls that move money also carry these ids as metadata, look for an earlier result before they create one,
 * because Stripe forgets keys after a day, and are logged.
 * https://docs.stripe.com/api
 */
export function connectStripe(
  config: Config<"STRIPE_SECRET_KEY" | "STRIPE_API_BASE_URL">,
  log: Pick<Log, "info">,
  fetch: Connections["fetch"],
) {
  const library = lazy(async () => {
    const { default: Library } = await import("stripe");
    const { protocol, hostname, port } = new URL(config.STRIPE_API_BASE_URL);
    return new Library(config.STRIPE_SECRET_KEY, {
      host: hostname,
      ...(port && { port }),
      protocol: protocol === "http:" ? "http" : "https",
      httpClient: Library.createFetchHttpClient(fetch),
      timeout: REQUEST_TIMEOUT_MS,
      maxNetworkRetries: MAX_NETWORK_RETRIES,
      telemetry: false,
    });
  });
  const call: Call = async (work) => explained(work(await library()));

  return {
    ...accountCalls(call),
    ...checkoutCalls(call),
    ...buyerCalls(call),
    ...refundCalls(call, log),
    ...transferCalls(call, log),
    ...stripeLists(library),
  };
}
