import type { Connections } from "../../ports/connections.ts";
import type { Config } from "../../runtime/config.ts";
import type { Log } from "../../runtime/log.ts";
import { accountCalls } from "./accounts.ts";
import { buyerCalls } from "./buyers.ts";
import type { Call } from "./call.ts";
import { chargeCalls } from "./charges.ts";
import { checkoutCalls } from "./checkout.ts";
import { explained } from "./errors.ts";
import { stripeLibrary } from "./library.ts";
import { stripeLists } from "./lists.ts";
import { readingCalls } from "./reading.ts";
import { refundCalls } from "./refunds.ts";
import { reversalCalls } from "./reversals.ts";
import { transferCalls } from "./transfers.ts";

/** Our calls to Stripe. Methods throw StripeRefusedError when a retry cannot help. */
export type Stripe = ReturnType<typeof connectStripe>;

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
  const library = stripeLibrary(config.STRIPE_SECRET_KEY, config.STRIPE_API_BASE_URL, fetch);
  const call: Call = async (work) => explained(work(await library()));

  return {
    ...accountCalls(call),
    ...checkoutCalls(call),
    ...chargeCalls(call),
    ...buyerCalls(call),
    ...readingCalls(call),
    ...refundCalls(call, log),
    ...transferCalls(call, log),
    ...reversalCalls(call, log),
    ...stripeLists(library),
  };
}
