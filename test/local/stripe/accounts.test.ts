import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import Stripe from "stripe";
import { EXPRESS_ACCOUNT, type OpenStripe, openStripe, refusalOf } from "./support.ts";

const MINUTE_MS = 60_000;

let open: OpenStripe;
beforeEach(async () => {
  open = await openStripe();
});
afterEach(() => open.close());

const create = (params: Stripe.AccountCreateParams = EXPRESS_ACCOUNT) =>
  open.stripe.accounts.create(params);
const retrieve = (id: string) => open.stripe.accounts.retrieve(id);

describe("accounts", () => {
  test("a new account can do nothing and owes its details", async () => {
    const account = await create({ ...EXPRESS_ACCOUNT, metadata: { builder: "1" } });
    expect(account).toMatchObject({
      object: "account",
      charges_enabled: false,
      payouts_enabled: false,
      details_submitted: false,
      capabilities: { transfers: "inactive" },
      controller: { stripe_dashboard: { type: "express" }, requirement_collection: "stripe" },
      metadata: { builder: "1" },
    });
    expect(account.requirements?.currently_due).not.toEqual([]);
    expect(await retrieve(account.id)).toEqual(account);
  });

  test("transfers are refused without card payments, in the US or elsewhere", async () => {
    const capabilities = { transfers: { requested: true } };
    const inUs = await refusalOf(create({ ...EXPRESS_ACCOUNT, capabilities }));
    expect(inUs.message).toContain("for accounts in US");
    const inGermany = { ...EXPRESS_ACCOUNT, country: "DE", capabilities };
    expect((await refusalOf(create(inGermany))).message).toContain("needs approval");
    await expect(create({ ...EXPRESS_ACCOUNT, capabilities: {} })).resolves.toBeDefined();
  });

  test("an account's country must be one that the platform can pay", async () => {
    const inCountry = (country: string) => create({ ...EXPRESS_ACCOUNT, country });
    for (const country of ["JP", "BR", "IN", "XX"]) {
      expect((await refusalOf(inCountry(country))).message).toContain(
        `Connected accounts in ${country} cannot be created by platforms in US`,
      );
    }
    expect(await inCountry("DE")).toMatchObject({ country: "DE", default_currency: "eur" });
    const japanese = await openStripe({ platformCountry: "JP" });
    try {
      const at = (country: string) =>
        japanese.stripe.accounts.create({ ...EXPRESS_ACCOUNT, country });
      expect((await at("JP")).default_currency).toBe("jpy");
      expect((await refusalOf(at("US"))).param).toBe("country");
    } finally {
      await japanese.close();
    }
  });

  test("who bears losses also pays fees", async () => {
    const losses = { payments: "application" as const };
    const error = await refusalOf(create({ controller: { losses } }));
    expect(error.param).toBe("controller[fees][payer]");
  });

  test("onboarding makes what was requested active, and is reported to the connect endpoint", async () => {
    const { id } = await create();
    open.simulator.completeOnboarding(id);
    expect(await retrieve(id)).toMatchObject({
      charges_enabled: true,
      payouts_enabled: true,
      details_submitted: true,
      capabilities: { transfers: "active" },
      requirements: { currently_due: [], disabled_reason: null },
    });
    await open.simulator.whenIdle();
    expect(open.connect.ofType("account.updated")[0]?.event).toMatchObject({
      account: id,
      data: { previous_attributes: { details_submitted: false } },
    });
    expect(open.own.types()).toEqual([]);
  });

  test("a restriction stops an account until it gives what is asked", async () => {
    const id = await open.onboardedAccount();
    open.simulator.restrict(id, "individual.id_number");
    expect(await retrieve(id)).toMatchObject({
      payouts_enabled: false,
      capabilities: { transfers: "inactive" },
      requirements: {
        past_due: ["individual.id_number"],
        disabled_reason: "requirements.past_due",
      },
    });
    expect(() => open.simulator.payOut(id)).toThrow(/not enabled/);
    open.simulator.completeOnboarding(id);
    expect((await retrieve(id)).capabilities?.transfers).toBe("active");
  });

  test("a rejected account stays rejected", async () => {
    const id = await open.onboardedAccount();
    open.simulator.reject(id);
    expect(await retrieve(id)).toMatchObject({
      capabilities: { transfers: "inactive" },
      requirements: { disabled_reason: "rejected.fraud" },
    });
    expect(() => open.simulator.completeOnboarding(id)).toThrow(/rejected/);
  });

  test("after it is deauthorized every call about an account is refused with 403", async () => {
    const id = await open.onboardedAccount();
    const { charge } = await open.paid(10_000);
    const given = { amount: 100, currency: "usd", destination: id };
    const transfer = await open.stripe.transfers.create({ ...given, source_transaction: charge });
    open.simulator.deauthorize(id);
    const calls = [
      retrieve(id),
      open.stripe.accounts.update(id, { metadata: { a: "b" } }),
      open.stripe.accounts.createLoginLink(id),
      open.stripe.accountLinks.create(linkFor(id)),
      open.stripe.balance.retrieve({}, { stripeAccount: id }),
      open.stripe.transfers.createReversal(transfer.id),
      retrieve("acct_none"),
    ];
    for (const call of calls) {
      const error = await refusalOf(call);
      expect(error).toBeInstanceOf(Stripe.errors.StripePermissionError);
      expect(error.code).toBe("account_invalid");
    }
    await open.simulator.whenIdle();
    const sent = open.connect.ofType("account.application.deauthorized");
    expect(sent.map(({ event }) => event.account)).toEqual([id]);
  });

  test("a transfer to a deauthorized account finds no such destination", async () => {
    const destination = await open.onboardedAccount();
    await open.paid(10_000);
    open.simulator.deauthorize(destination);
    const given = { amount: 100, currency: "usd", destination };
    const error = await refusalOf(open.stripe.transfers.create(given));
    expect(error).toMatchObject({ code: "resource_missing", param: "destination" });
  });
});

const linkFor = (account: string): Stripe.AccountLinkCreateParams => ({
  account,
  type: "account_onboarding",
  refresh_url: "http://127.0.0.1/again",
  return_url: "http://127.0.0.1/done",
});

describe("onboarding links", () => {
  /** What a browser would be shown, or where it would be sent. */
  async function visit(url: string, action?: string) {
    const post = { method: "POST", body: new URLSearchParams({ action: action ?? "" }) };
    const response = await fetch(url, { redirect: "manual", ...(action ? post : {}) });
    return { status: response.status, to: response.headers.get("location") };
  }

  test("a link opens the page once; then it leads to a fresh one", async () => {
    const { id } = await create();
    const { url } = await open.stripe.accountLinks.create(linkFor(id));
    expect(await visit(url)).toMatchObject({ status: 200 });
    expect(await visit(url, "leave")).toEqual({ status: 303, to: "http://127.0.0.1/done" });
    expect((await retrieve(id)).details_submitted).toBe(false);
    expect(await visit(url)).toEqual({ status: 303, to: "http://127.0.0.1/again" });
  });

  test("finishing the page onboards the account", async () => {
    const { id } = await create();
    const { url } = await open.stripe.accountLinks.create(linkFor(id));
    await visit(url);
    expect(await visit(url, "finish")).toEqual({ status: 303, to: "http://127.0.0.1/done" });
    expect((await retrieve(id)).details_submitted).toBe(true);
  });

  test("a link is too old after some minutes", async () => {
    const { id } = await create();
    const { url, expires_at } = await open.stripe.accountLinks.create(linkFor(id));
    await open.clock.advance(5 * MINUTE_MS);
    expect(expires_at).toBeLessThanOrEqual(open.clock.nowMs() / 1000);
    expect(await visit(url)).toEqual({ status: 303, to: "http://127.0.0.1/again" });
  });

  test("only onboarding links are given to accounts whose dashboard is Stripe's", async () => {
    const { id } = await create();
    const update = { ...linkFor(id), type: "account_update" as const };
    expect((await refusalOf(open.stripe.accountLinks.create(update))).param).toBe("type");
  });

  test("a login link needs submitted details, and leads to the dashboard", async () => {
    const { id } = await create();
    expect((await refusalOf(open.stripe.accounts.createLoginLink(id))).statusCode).toBe(400);
    open.simulator.completeOnboarding(id);
    const { url } = await open.stripe.accounts.createLoginLink(id);
    expect(await visit(url)).toMatchObject({ status: 200 });
  });
});

test("the platform's balance names what it settles in, and its settings when it is paid out", async () => {
  const currencies = async () =>
    (await open.stripe.balance.retrieve()).available.map(({ currency }) => currency);
  const settings = async () => (await open.stripe.balanceSettings.retrieve()).payments.payouts;
  expect(await currencies()).toEqual(["usd"]);
  open.simulator.settleIn("eur");
  expect(await currencies()).toEqual(["usd", "eur"]);
  expect(await settings()).toMatchObject({
    minimum_balance_by_currency: null,
    schedule: { interval: "daily" },
  });
  open.simulator.schedulePayouts({ interval: "weekly", minimum: { usd: 500 } });
  expect(await settings()).toMatchObject({
    minimum_balance_by_currency: { usd: 500 },
    schedule: { interval: "weekly" },
  });
});
