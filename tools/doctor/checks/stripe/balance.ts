import type Stripe from "stripe";
import { formatMoney } from "../../../../shared/money/money.ts";
import { configOf, type Values } from "../../../settings/values.ts";
import type { AreaReport } from "../report.ts";
import { describeStripe } from "./account.ts";

const PAYOUTS = "https://dashboard.stripe.com/settings/payouts";

/**
 * Checks that the platform's balance at Stripe works for the shop: it must hold payments in the shop's currency
 * until the builder is paid, and keep enough for refunds. Returns false if builders could not be paid in that
 * currency.
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
 * Stripe exchanges a payment at once if the platform does not settle in its currency, and then refuses every
 * transfer of it: a transfer must be in the currency of its charge's balance transaction.
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

/** The account's default currency, and those in which it has a balance or a bank account. */
function settledIn(account: Stripe.Account, { available, pending }: Stripe.Balance): string[] {
  const { default_currency: own, external_accounts: banks } = account;
  const all = [
    own,
    ...[...available, ...pending, ...(banks?.data ?? [])].map((part) => part.currency),
  ];
  return [...new Set(all.filter((each): each is string => typeof each === "string"))];
}

/**
 * Automatic payouts empty the available balance, from which Stripe takes refunds and what builders get back
 * after a won dispute.
 * https://docs.stripe.com/payouts/minimum-balances-for-automatic-payouts
 */
async function checkPayouts(stripe: Stripe, currency: string, area: AreaReport): Promise<void> {
  try {
    const { payments } = await stripe.balanceSettings.retrieve();
    const { schedule, minimum_balance_by_currency: minima } = payments.payouts ?? {};
    const interval = schedule?.interval ?? "manual";
    const kept = minima?.[currency] ?? 0;
    if (interval === "manual") {
      area.ok("the platform's payouts are manual: leave enough for refunds in the balance");
    } else if (kept > 0) {
      area.ok(
        `the platform's ${interval} payouts leave ${formatMoney(kept, currency)} for refunds`,
      );
    } else {
      area.byHand(
        `the platform's ${interval} payouts empty the balance: refunds then wait, and so do builders whose dispute was won`,
        `Set a minimum balance at ${PAYOUTS}: about the refunds of a busy week plus one large dispute. If Stripe offers none, use manual payouts`,
      );
    }
  } catch (error) {
    area.byHand(
      `the platform's payout schedule cannot be read: ${describeStripe(error)}`,
      `Set a minimum balance or manual payouts at ${PAYOUTS}, so that there is money for refunds. A restricted key needs to read balance settings`,
    );
  }
}
