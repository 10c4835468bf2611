import * as z from "zod/mini";
import { currencyOf, requireAllowedAccount } from "../countries.ts";
import { type Capabilities, type Controller, requirements } from "../objects/account-parts.ts";
import type { Account } from "../objects/objects.ts";
import { flag, mergeMetadata, metadata, text } from "../requests/parameters.ts";
import { noSuch, StripeError } from "../requests/stripe-error.ts";
import { change, type World } from "../world.ts";

/** Details that Express collects before it enables payouts. */
const ONBOARDING_REQUIREMENTS = [
  "external_account",
  "individual.first_name",
  "tos_acceptance.date",
];

const requested = z.optional(z.strictObject({ requested: flag }));
const businessProfile = z.strictObject({
  mcc: z.optional(text()),
  name: z.optional(text()),
  product_description: z.optional(text()),
  url: z.optional(text()),
});

/** The parameters shared by creating and updating an account. */
export const accountChanges = z.strictObject({
  business_profile: z.optional(businessProfile),
  email: z.optional(text(800)),
  metadata: z.optional(metadata),
});

/** https://docs.stripe.com/api/accounts/create */
export const accountParameters = z.extend(accountChanges, {
  business_type: z.optional(z.enum(["company", "individual"])),
  capabilities: z.optional(z.strictObject({ card_payments: requested, transfers: requested })),
  controller: z.optional(
    z.strictObject({
      fees: z.optional(z.strictObject({ payer: z.enum(["account", "application"]) })),
      losses: z.optional(z.strictObject({ payments: z.enum(["stripe", "application"]) })),
      requirement_collection: z.optional(z.literal("stripe")),
      stripe_dashboard: z.optional(z.strictObject({ type: z.enum(["express", "full"]) })),
    }),
  ),
  country: z.optional(z.string().check(z.regex(/^[A-Z]{2}$/, { error: "Unknown country." }))),
  type: z.optional(z.literal("express", { error: "The simulator supports only 'express'." })),
});

/** Creates a connected account without any details; its country defaults to the platform's. */
export function createAccount(world: World, given: z.infer<typeof accountParameters>): Account {
  if (world.accountRefusal) throw new StripeError(world.accountRefusal);
  const country = given.country ?? world.platformCountry;
  requireAllowedAccount(world.platformCountry, country, {
    takesTransfers: given.capabilities?.transfers?.requested === true,
    takesCards: given.capabilities?.card_payments?.requested === true,
  });
  const account: Account = {
    id: world.newId("acct"),
    object: "account",
    business_profile: { ...given.business_profile },
    business_type: given.business_type ?? null,
    capabilities: requestedCapabilities(given.capabilities ?? {}),
    charges_enabled: false,
    controller: controllerOf(given),
    country,
    created: world.nowSeconds(),
    default_currency: currencyOf(country),
    details_submitted: false,
    email: given.email ?? null,
    future_requirements: requirements(),
    metadata: mergeMetadata({}, given.metadata),
    payouts_enabled: false,
    requirements: requirements({
      currently_due: ONBOARDING_REQUIREMENTS,
      disabled_reason: "requirements.past_due",
      eventually_due: ONBOARDING_REQUIREMENTS,
      past_due: ONBOARDING_REQUIREMENTS,
    }),
    type: given.type ?? "none",
  };
  world.accounts.set(account.id, account);
  return account;
}

/** Deletes an account. Stripe accepts this only when all of its balances are zero. */
export function deleteAccount(world: World, id: string): object {
  world.account(id);
  world.accounts.delete(id);
  return { id, object: "account", deleted: true };
}

/** Updates an account and notifies the connect endpoints. */
export function updateAccount(
  world: World,
  id: string,
  given: z.infer<typeof accountChanges>,
): Account {
  const account = world.account(id);
  return changeAccount(world, account, {
    business_profile: { ...account.business_profile, ...given.business_profile },
    email: given.email ?? account.email,
    metadata: mergeMetadata(account.metadata, given.metadata),
  });
}

/** The account's owner has completed onboarding: every requested capability becomes active. */
export function completeOnboarding(world: World, id: string): Account {
  const account = world.account(id);
  if (account.requirements.disabled_reason?.startsWith("rejected.")) {
    throw new Error(`Stripe has rejected ${id}; it cannot be onboarded again.`);
  }
  return changeAccount(world, account, {
    capabilities: withStatus(account.capabilities, "active"),
    charges_enabled: true,
    details_submitted: true,
    payouts_enabled: true,
    requirements: requirements(),
  });
}

/**
 * Stripe requires more information. Until it has it, the account's transfers and payouts are
 * disabled.
 */
export function restrictAccount(world: World, id: string, requirement: string): Account {
  return changeAccount(world, world.account(id), {
    capabilities: withStatus(world.account(id).capabilities, "inactive"),
    charges_enabled: false,
    payouts_enabled: false,
    requirements: requirements({
      currently_due: [requirement],
      disabled_reason: "requirements.past_due",
      eventually_due: [requirement],
      past_due: [requirement],
    }),
  });
}

/** Stripe reviews the account: its money stays until that is over, and transfers still arrive. */
export function pausePayouts(world: World, id: string): Account {
  const account = world.account(id);
  if (!account.payouts_enabled) throw new Error(`Payouts of ${id} are not enabled.`);
  return changeAccount(world, account, {
    payouts_enabled: false,
    requirements: requirements({ disabled_reason: "under_review" }),
  });
}

/** Stripe rejects the account for good. */
export function rejectAccount(world: World, id: string): Account {
  return changeAccount(world, world.account(id), {
    capabilities: withStatus(world.account(id).capabilities, "inactive"),
    charges_enabled: false,
    payouts_enabled: false,
    requirements: requirements({ disabled_reason: "rejected.fraud" }),
  });
}

/** The account's owner revokes the platform's access; its balance stays unchanged. */
export function deauthorizeAccount(world: World, id: string): void {
  world.account(id);
  world.deauthorized.add(id);
  const application = { id: "ca_local", object: "application", name: "Local platform" };
  world.emit("account.application.deauthorized", application, { account: id });
}

/** Pays the account's available balance out to its bank. Returns the amount in minor units. */
export function payOutAll(world: World, id: string): number {
  const account = world.account(id);
  if (!account.payouts_enabled) throw new Error(`Payouts of ${id} are not enabled.`);
  let total = 0;
  for (const currency of Object.keys(world.balances.all(id))) {
    const amount = world.balances.available(id, currency);
    if (amount <= 0) continue;
    world.balances.add(id, currency, -amount);
    total += amount;
    const payout = {
      id: world.newId("po"),
      object: "payout",
      amount,
      arrival_date: world.nowSeconds(),
      automatic: true,
      created: world.nowSeconds(),
      currency,
      failure_code: null,
      livemode: false,
      metadata: {},
      method: "standard",
      type: "bank_account",
    };
    world.emit("payout.created", { ...payout, status: "pending" }, { account: id });
    world.emit("payout.paid", { ...payout, status: "paid" }, { account: id });
  }
  return total;
}

/** Throws unless the destination exists and can receive transfers now. */
export function requireTransfersActive(world: World, id: string, param: string): void {
  const account = world.accounts.get(id);
  if (!account || world.deauthorized.has(id)) throw noSuch("destination", id, param);
  if (account.capabilities.transfers === "active") return;
  throw new StripeError(
    "Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments",
    { code: "insufficient_capabilities_for_transfer", param },
  );
}

function changeAccount(world: World, account: Account, changes: Partial<Account>): Account {
  const previous = change(account, changes);
  world.emit("account.updated", account, { account: account.id, previous });
  return account;
}

type Requested = NonNullable<z.infer<typeof accountParameters>["capabilities"]>;

function requestedCapabilities(given: Requested): Capabilities {
  return {
    ...(given.card_payments?.requested ? { card_payments: "inactive" } : {}),
    ...(given.transfers?.requested ? { transfers: "inactive" } : {}),
  };
}

function withStatus(capabilities: Capabilities, status: "active" | "inactive"): Capabilities {
  return Object.fromEntries(Object.keys(capabilities).map((name) => [name, status]));
}

function controllerOf({ type, controller }: z.infer<typeof accountParameters>): Controller {
  if (type && controller) {
    throw new StripeError("You may only specify one of these parameters: type, controller.", {
      param: "type",
      beforeExecution: true,
    });
  }
  const payer = controller?.fees?.payer ?? "account";
  const payments = controller?.losses?.payments ?? "stripe";
  if (payments === "application" && payer !== "application") {
    throw new StripeError(
      "`controller[losses][payments]=application` requires `controller[fees][payer]=application`.",
      { param: "controller[fees][payer]", beforeExecution: true },
    );
  }
  const dashboard = controller?.stripe_dashboard?.type ?? "full";
  if (dashboard === "express" && payments !== "application") {
    throw new StripeError(
      "`controller[stripe_dashboard][type]=express` requires `controller[losses][payments]=application`.",
      { param: "controller[losses][payments]", beforeExecution: true },
    );
  }
  return {
    type: "application",
    is_controller: true,
    fees: { payer: type ? "application_express" : payer },
    losses: { payments: type ? "application" : payments },
    requirement_collection: "stripe",
    stripe_dashboard: { type: type ?? dashboard },
  };
}
