import Stripe from "stripe";
import { configOf, type Values } from "../../../settings/values.ts";
import type { AreaReport } from "../report.ts";
import { connectWith, describeStripe, isUnanswered } from "./account.ts";

const REMEDY =
  "https://dashboard.stripe.com/apikeys: a restricted key with Checkout Sessions: Read, Charges and Refunds: Read, and nothing else";

/** Checks whether the site's key reads what it has to, in the right mode, and nothing else. */
export async function checkReadKey(values: Values, area: AreaReport): Promise<boolean> {
  const config = configOf(values, ["STRIPE_READ_KEY", "STRIPE_API_BASE_URL", "STRIPE_LIVEMODE"]);
  if (!config) return false;
  const refuse = (what: string, error?: unknown) => {
    const report = isUnanswered(error) ? area.unanswered : area.wrong;
    report(what, REMEDY);
    return false;
  };
  const mode = config.STRIPE_LIVEMODE ? "live" : "test";
  if (!config.STRIPE_READ_KEY.startsWith(`rk_${mode}_`)) {
    return refuse(`STRIPE_READ_KEY is not a restricted key of ${mode} mode`);
  }
  const stripe = connectWith(config.STRIPE_READ_KEY, config.STRIPE_API_BASE_URL);
  try {
    await stripe.checkout.sessions.list({ limit: 1 });
    await stripe.charges.list({ limit: 1 });
  } catch (error) {
    return refuse(`the site's key cannot read: ${describeStripe(error)}`, error);
  }
  try {
    await stripe.balance.retrieve();
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripePermissionError)) {
      return refuse(`the site's key cannot be checked: ${describeStripe(error)}`, error);
    }
    area.ok("the site's key reads Checkout Sessions and charges, and not the balance");
    return true;
  }
  return refuse("the site's key may read more than Checkout Sessions and charges");
}
