import * as z from "zod/mini";
import {
  accountChanges,
  accountParameters,
  createAccount,
  deleteAccount,
  updateAccount,
} from "../actions/accounts.ts";
import { currencyOf } from "../countries.ts";
import type { OnboardingLinks } from "../objects/onboarding-links.ts";
import { onboardingLinkParameters } from "../objects/onboarding-links.ts";
import type { Calls } from "../requests/calls.ts";
import { created, isCreated, page, paging } from "../requests/lists.ts";
import { StripeError } from "../requests/stripe-error.ts";
import type { World } from "../world.ts";

/** The account that owns the secret key. */
const PLATFORM_ID = "acct_local_platform";

/** https://docs.stripe.com/api/accounts with its onboarding and login links. */
export function serveAccounts(calls: Calls, world: World, links: OnboardingLinks): void {
  calls.post("/accounts", {
    schema: accountParameters,
    handle: ({ parameters }) => createAccount(world, parameters),
  });
  calls.get("/accounts", {
    schema: z.strictObject({ ...paging, created }),
    handle: ({ path, parameters }) => {
      const connected = [...world.accounts.values()].filter(
        (account) =>
          !world.deauthorized.has(account.id) && isCreated(account.created, parameters.created),
      );
      return page(connected, parameters, path);
    },
  });
  calls.get("/account", {
    schema: z.strictObject({}),
    handle: () => ({
      id: PLATFORM_ID,
      object: "account",
      business_profile: { name: "Local platform" },
      charges_enabled: true,
      country: world.platformCountry,
      default_currency: currencyOf(world.platformCountry),
      details_submitted: true,
      email: "platform@example.com",
      payouts_enabled: true,
      settings: { dashboard: { display_name: "Local platform", timezone: "Etc/UTC" } },
      type: "standard",
    }),
  });
  calls.get("/accounts/:id", {
    schema: z.strictObject({}),
    handle: ({ id }) => world.account(id),
  });
  calls.post("/accounts/:id", {
    schema: accountChanges,
    handle: ({ id, parameters }) => updateAccount(world, id, parameters),
  });
  calls.delete("/accounts/:id", {
    schema: z.strictObject({}),
    handle: ({ id }) => deleteAccount(world, id),
  });
  calls.post("/account_links", {
    schema: onboardingLinkParameters,
    handle: ({ parameters }) => links.create(parameters),
  });
  calls.post("/accounts/:id/login_links", {
    schema: z.strictObject({}),
    handle: ({ id }) => {
      if (!world.account(id).details_submitted) {
        throw new StripeError(
          "Cannot create a login link for an account that has not completed onboarding.",
        );
      }
      const url = `${world.baseUrl}/express/${id}`;
      return { object: "login_link", created: world.nowSeconds(), url };
    },
  });
}
