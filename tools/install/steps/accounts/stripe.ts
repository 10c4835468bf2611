import { checkStripe, connectWith } from "../../../doctor/checks/stripe/account.ts";
import { checkBalance } from "../../../doctor/checks/stripe/balance.ts";
import { checkReadKey } from "../../../doctor/checks/stripe/read-key.ts";
import { configOf } from "../../../settings/values.ts";
import { tryConnect } from "../../../setup/try-connect.ts";
import type { Installation } from "../../installation.ts";
import { installQuestions } from "../../questions/questions.ts";
import { BlockedError, done, RUN_AGAIN, type Step, standingOf } from "../../step.ts";
import { credentialsStep } from "./credentials.ts";

/** Both keys, in the same mode, and what the account's own currency is. */
export const stripeKeys: Step = credentialsStep({
  question: installQuestions.stripe,
  verify: async (installation) => {
    const { STRIPE_SECRET_KEY: key = "" } = installation.values;
    installation.learn({ STRIPE_LIVEMODE: String(/^[rs]k_live_/.test(key)) });
    const standing = await standingOf("both are accepted", "missing", async (area) => {
      const stripe = await checkStripe(installation.values, area);
      if (!stripe) return;
      await checkReadKey(installation.values, area);
      const { default_currency: currency } = await stripe.accounts.retrieveCurrent();
      if (currency) installation.learn({ SHOP_CURRENCY: currency });
    });
    if (standing.kind !== "done") return standing;
    const { STRIPE_LIVEMODE: isLive, SHOP_CURRENCY: currency = "usd" } = installation.values;
    const mode = isLive === "true" ? "LIVE mode: real money" : "test mode";
    return done(`both are accepted; ${mode}, ${currency.toUpperCase()}`);
  },
});

/** Whether Stripe lets the platform have builders' accounts, and pay them. */
export const stripeConnect: Step = {
  name: "Stripe Connect",
  async check(installation) {
    const stripe = openStripe(installation);
    return await standingOf("builders can have accounts and be paid", "blocked", async (area) => {
      await tryConnect(stripe, area);
      await checkBalance(stripe, installation.values, area);
    });
  },
};

/** Stripe with the installation's key. */
export function openStripe({ values }: Installation) {
  const config = configOf(values, ["STRIPE_SECRET_KEY", "STRIPE_API_BASE_URL"]);
  if (config) return connectWith(config.STRIPE_SECRET_KEY, config.STRIPE_API_BASE_URL);
  throw new BlockedError("no Stripe key is known", RUN_AGAIN);
}
