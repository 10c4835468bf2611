import type Stripe from "stripe";
import { sellerAccount } from "../../shared/clients/stripe/accounts.ts";
import type { AreaReport } from "../doctor/checks/report.ts";
import { describeStripe } from "../doctor/checks/stripe/account.ts";

/** Marks a test account; one that still exists was left by a run that crashed. */
const TRIAL = { c500_trial: "setup" };
const PAGE = 100;
const CONNECT = "https://dashboard.stripe.com/connect";
const PROFILE = "https://dashboard.stripe.com/settings/connect/platform-profile";

/**
 * Creates an account as for a builder and deletes it again, unless builders have accounts already. There is no
 * other way to find out whether Stripe lets this platform create accounts.
 */
export async function tryConnect(stripe: Stripe, area: AreaReport): Promise<void> {
  try {
    const { data } = await stripe.accounts.list({ limit: PAGE });
    const isTrial = ({ metadata }: Stripe.Account) => metadata?.["c500_trial"] !== undefined;
    for (const { id } of data.filter(isTrial)) await stripe.accounts.del(id);
    if (data.some((account) => !isTrial(account))) {
      area.ok("Connect is on: builders have accounts");
      return;
    }
    const { country } = await stripe.accounts.retrieveCurrent();
    const { id } = await stripe.accounts.create({
      ...sellerAccount(country ?? "US"),
      metadata: TRIAL,
    });
    await stripe.accounts.del(id);
    area.ok("Stripe allows accounts for builders: one was created and deleted");
  } catch (error) {
    const reason = describeStripe(error);
    area.wrong(`Stripe refuses accounts for builders: ${reason}`, connectRemedy(reason));
  }
}

/** What to do about each of Stripe's reasons. */
function connectRemedy(reason: string): string {
  if (/signed up for connect/i.test(reason)) {
    return `Sign the Connect platform agreement at ${CONNECT}, Get started; then run this again`;
  }
  if (/responsibilit|losses|platform profile/i.test(reason)) {
    return `Fill in the platform's profile and accept its responsibility for losses at ${PROFILE}; then run this again`;
  }
  return `Finish setting up Connect at ${CONNECT}, for a platform with Express accounts, and complete the profile at ${PROFILE}. A restricted key needs permission to write connected accounts. Then run this again`;
}
