import type Stripe from "stripe";
import { formatMoney } from "../../shared/money/money.ts";
import type { AreaReport } from "./report.ts";
import { describeStripe } from "./stripe.ts";
import { configOf, type Values } from "./values.ts";

const PAYOUTS = "https://dashboard.stripe.com/settings/payouts";

/**
 * Whether the platform's balance at Stripe can do what the shop asks of it: hold what was paid in the shop's
 * currency until the builder gets their part, and keep what refunds need. False where builders could not be
 * paid in that currency.
 */
export async function checkBalance(
  stripe: Stripe,
  values: Values,
  area: AreaReport,
): Promise<boolean> {
  const config = configOf(values, ["SHOP_CURRENCY"]);
  if (!config) return true;
  const { SHOP_CURRENCY: currency } = config;
  const isSettled = await checkCurrency(stripe, currency, area);
  await checkPayouts(stripe, currency, area);
  return isSettled;
}

/**
 * What is paid in a currency that the platform does not settle in is exchanged at once, and Stripe then refuses
 * each transfer of it: a transfer is in the currency of its charge's balance transaction.
 * https://docs.stripe.com/connect/separate-charges-and-transfers
 */
async function checkCurrency(stripe: Stripe, currency: string, area: AreaReport): Promise<boolean> {
  try {
    const account = await stripe.accounts.retrieveCurrent();
    const balance = await stripe.balance.retrieve();
    const settled = settledIn(account, balance);
    const known = settled.map((each) => each.toUpperCase()).join(", ");
    return area.check(
      settled.includes(currency),
      `the platform settles in ${currency.toUpperCase()}, the shop's currency`,
      `the platform settles in ${known}, not in SHOP_CURRENCY=${currency}: Stripe would exchange what buyers pay, and refuse to pay builders`,
      `Set SHOP_CURRENCY to one of ${settled.join(", ")}, or add a bank account in ${currency.toUpperCase()} at ${PAYOUTS}; then run this again`,
    );
  } catch (error) {
    area.wrong(
      `the platform's currencies cannot be read: ${describeStripe(error)}`,
      "A restricted key needs to read the account and its balance",
    );
    return true;
  }
}

/** The account's own currency, and those that it has a balance or a bank account in. */
function settledIn(account: Stripe.Account, { available, pending }: Stripe.Balance): string[] {
  const { default_currency: own, external_accounts: banks } = account;
  const all = [
    own,
    ...[...available, ...pending, ...(banks?.data ?? [])].map((part) => part.currency),
  ];
  return [...new Set(all.filter((each): each is string => typeof each === "string"))];
}

/**
 * Automatic payouts take all that is available, and refunds, and what builders get back after a dispute, come
 * out of what is available.
 * https://docs.stripe.com/payouts/minimum-balances-for-automatic-payouts
 */
async function checkPayouts(stripe: Stripe, currency: string, area: AreaReport): Promise<void> {
  try {
    const { payments } = await stripe.balanceSettings.retrieve();
    const { schedule, minimum_balance_by_currency: minima } = payments.payouts ?? {};
    const interval = schedule?.interval ?? "manual";
    const kept = minima?.[currency] ?? 0;
    if (interval === "manual") {
      area.ok("the platform's own payouts are manual: leave there what refunds need");
    } else if (kept > 0) {
      area.ok(
        `the platform's ${interval} payouts leave ${formatMoney(kept, currency)} for refunds`,
      );
    } else {
      area.byHand(
        `the platform's ${interval} payouts take all that is available: refunds then wait, and builders wait for what a won dispute gives back`,
        `Set a minimum balance at ${PAYOUTS}, about what you refund in a busy week and one large dispute, or manual payouts where Stripe offers none`,
      );
    }
  } catch (error) {
    area.byHand(
      `the platform's payout schedule cannot be read: ${describeStripe(error)}`,
      `Set a minimum balance or manual payouts at ${PAYOUTS}, so that refunds find money. A restricted key needs to read balance settings`,
    );
  }
}
