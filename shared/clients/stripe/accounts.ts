import type { AccountFacts } from "../../money/seller-account.ts";
import { lazy } from "../../runtime/lazy.ts";
import type { Call } from "./call.ts";
import { once } from "./errors.ts";

/** Connected accounts of builders and racers. */
export function accountCalls(call: Call) {
  return {
    /** The country of the platform's own company, which decides where its sellers may be. */
    platformCountry: lazy(() =>
      call(async (stripe) => (await stripe.accounts.retrieveCurrent()).country ?? "US"),
    ),

    /**
     * Creates an Express account that can receive transfers. It requests card payments as well: without them Stripe
     * refuses a US account, and requires an approval of the platform for others. The account does not contain the
     * Discord id, because payouts name their account and must not name someone who was forgotten. The idempotency key
     * contains the country and the replaced account, since another country means another account. https://docs.stripe.com/connect/account-capabilities
     */
    createAccount: (builderId: string, country: string, instead?: string): Promise<string> =>
      call(async (stripe) => {
        const place = instead === undefined ? country : `${country}:${instead}`;
        const account = await once(`account:${builderId}:${place}`, (options) =>
          stripe.accounts.create(sellerAccount(country), options),
        );
        return account.id;
      }),

    account: (id: string): Promise<AccountFacts> =>
      call(async (stripe) => {
        const account = await stripe.accounts.retrieve(id);
        const requirements = account.requirements;
        return {
          country: account.country ?? "",
          detailsSubmitted: account.details_submitted,
          payoutsEnabled: account.payouts_enabled,
          takesTransfers: account.capabilities?.transfers === "active",
          disabledReason: requirements?.disabled_reason ?? undefined,
          missing: [
            ...new Set([...(requirements?.past_due ?? []), ...(requirements?.currently_due ?? [])]),
          ],
        };
      }),

    /** A link that works once, within some minutes. */
    accountLink: (account: string, urls: { refresh: string; return: string }): Promise<string> =>
      call(async (stripe) => {
        const link = await stripe.accountLinks.create({
          account,
          type: "account_onboarding",
          refresh_url: urls.refresh,
          return_url: urls.return,
          collection_options: { fields: "eventually_due" },
        });
        return link.url;
      }),

    dashboardLink: (account: string): Promise<string> =>
      call(async (stripe) => (await stripe.accounts.createLoginLink(account)).url),
  };
}

/** The request that creates a builder's account at Stripe. */
export function sellerAccount(country: string) {
  return {
    country,
    controller: {
      fees: { payer: "application" },
      losses: { payments: "application" },
      stripe_dashboard: { type: "express" },
    },
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
  } as const;
}
