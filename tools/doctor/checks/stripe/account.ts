import Stripe from "stripe";
import { describeError } from "../../../../shared/runtime/errors.ts";
import { configOf, type Values } from "../../../settings/values.ts";
import type { AreaReport } from "../report.ts";

const REQUEST_TIMEOUT_MS = 15_000;
const KEY_REMEDY =
  "Set STRIPE_SECRET_KEY to the secret key of https://dashboard.stripe.com/apikeys";
const ASK_LATER =
  "Check this machine's connection to Stripe and https://status.stripe.com, then run this again";

/**
 * Checks that the key is valid and in the mode that the settings name. Returns the client if the key can be
 * used.
 */
export async function checkStripe(values: Values, area: AreaReport): Promise<Stripe | undefined> {
  const config = configOf(values, ["STRIPE_SECRET_KEY", "STRIPE_API_BASE_URL", "STRIPE_LIVEMODE"]);
  if (!config) return undefined;
  const stripe = connectWith(config.STRIPE_SECRET_KEY, config.STRIPE_API_BASE_URL);
  const mode = config.STRIPE_LIVEMODE ? "live" : "test";
  try {
    const { livemode } = await stripe.balance.retrieve();
    const account = await stripe.accounts.retrieveCurrent();
    const isRight = area.check(
      livemode === config.STRIPE_LIVEMODE,
      `the key is valid: ${nameOf(account)}, ${mode} mode`,
      `STRIPE_SECRET_KEY is in ${livemode ? "live" : "test"} mode, but STRIPE_LIVEMODE is ${config.STRIPE_LIVEMODE}`,
      `Take the key of ${mode} mode from https://dashboard.stripe.com/apikeys, or change STRIPE_LIVEMODE`,
    );
    if (!isRight) return undefined;
  } catch (error) {
    const why = describeStripe(error);
    if (isUnanswered(error)) area.unanswered(`Stripe does not answer: ${why}`, ASK_LATER);
    else area.wrong(`Stripe does not accept the key: ${why}`, KEY_REMEDY);
    return undefined;
  }
  return stripe;
}

/** Stripe's library with a key. */
export function connectWith(key: string, baseUrl: string): Stripe {
  const { protocol, hostname, port } = new URL(baseUrl);
  return new Stripe(key, {
    host: hostname,
    ...(port && { port }),
    protocol: protocol === "http:" ? "http" : "https",
    timeout: REQUEST_TIMEOUT_MS,
    telemetry: false,
  });
}

/**
 * Checks whether Connect is enabled. Stripe shows that only indirectly: without Connect there are no accounts.
 */
export async function checkConnect(stripe: Stripe, area: AreaReport): Promise<void> {
  try {
    const { data } = await stripe.accounts.list({ limit: 1 });
    if (data.length > 0) area.ok("Connect is on: builders have accounts");
    else {
      area.byHand(
        "no builder has an account yet, so this check cannot see whether Connect is on",
        "./dev setup creates one and deletes it, and says what Stripe refuses",
      );
    }
  } catch (error) {
    area.wrong(
      `connected accounts cannot be read: ${describeStripe(error)}`,
      "https://dashboard.stripe.com/connect: enable Connect; a restricted key needs permission for it",
    );
  }
}

function nameOf({ settings, id }: Stripe.Account): string {
  return settings?.dashboard.display_name || id;
}

/** Stripe's message; it shows only the ends of a key. */
export function describeStripe(error: unknown): string {
  return error instanceof Stripe.errors.StripeError ? error.message : describeError(error);
}

/** Whether a call has failed for a reason that is not its key: the connection, a limit, or trouble at Stripe. */
export function isUnanswered(error: unknown): boolean {
  const { StripeConnectionError, StripeRateLimitError, StripeAPIError } = Stripe.errors;
  return [StripeConnectionError, StripeRateLimitError, StripeAPIError].some(
    (kind) => error instanceof kind,
  );
}
