import type Stripe from "stripe";
import { sellerAccount } from "../../shared/clients/stripe/accounts.ts";
import type { AreaReport } from "../checks/report.ts";
import { describeStripe } from "../checks/stripe.ts";

/** Marks an account that belongs to nobody: a run that died left it. */
const TRIAL = { c500_trial: "setup" };
const PAGE = 100;
const CONNECT = "https://dashboard.stripe.com/connect";
const PROFILE = "https://dashboard.stripe.com/settings/connect/platform-profile";

/**
 * Makes an account as a builder's is made, and deletes it again, unless builders have accounts already:
 * only so can it be known whether Stripe lets this platform have any.
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
    area.ok("Stripe lets builders have accounts: one was created and deleted");
  } catch (error) {
    const said = describeStripe(error);
    area.wrong(`Stripe refuses builders' accounts: ${said}`, connectRemedy(said));
  }
}

/** What a person does about each of Stripe's reasons. */
function connectRemedy(said: string): string {
  if (/signed up for connect/i.test(said)) {
    return `Sign the Connect platform agreement at ${CONNECT}, Get started; then run this again`;
  }
  if (/responsibilit|losses|platform profile/i.test(said)) {
    return `Fill in the platform's profile and accept its responsibility for losses at ${PROFILE}; then run this again`;
  }
  return `Finish Connect's set-up at ${CONNECT}, for a platform with Express accounts, and its profile at ${PROFILE}. A restricted key needs to write connected accounts. Then run this again`;
}
