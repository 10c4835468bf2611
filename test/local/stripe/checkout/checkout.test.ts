import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type Stripe from "stripe";
import { type OpenStripe, openStripe, refusalOf, sessionOf } from "../support.ts";

const SECOND_MS = 1000;
const HALF_HOUR_SECONDS = 30 * 60;
const DAY_SECONDS = 24 * 60 * 60;

let open: OpenStripe;
beforeEach(async () => {
  open = await openStripe();
});
afterEach(() => open.close());

const create = (params: Stripe.Checkout.SessionCreateParams) =>
  open.stripe.checkout.sessions.create(params);
const retrieve = (id: string) => open.stripe.checkout.sessions.retrieve(id);
const nowSeconds = () => Math.floor(open.clock.nowMs() / SECOND_MS);

describe("a new session", () => {
  test("is open and unpaid, has a page, and lives a day", async () => {
    const given = { ...sessionOf(2500), metadata: { order: "1" }, client_reference_id: "order-1" };
    const session = await create(given);
    expect(session).toMatchObject({
      object: "checkout.session",
      status: "open",
      payment_status: "unpaid",
      amount_total: 2500,
      currency: "usd",
      payment_intent: null,
      metadata: { order: "1" },
      client_reference_id: "order-1",
      livemode: false,
      expires_at: session.created + DAY_SECONDS,
      url: `${open.simulator.url}/c/pay/${session.id}`,
    });
    expect(await retrieve(session.id)).toEqual(session);
  });

  test("sums its line items", async () => {
    const [item] = sessionOf(1500).line_items ?? [];
    if (!item) throw new Error("There is an item.");
    const session = await create({ ...sessionOf(), line_items: [item, { ...item, quantity: 3 }] });
    expect(session.amount_total).toBe(6000);
  });

  test("lives from 30 minutes to 24 hours, to the second", async () => {
    // A second may begin between reading the clock and the call.
    const inSeconds = (seconds: number) =>
      create({ ...sessionOf(), expires_at: nowSeconds() + seconds });
    await expect(inSeconds(HALF_HOUR_SECONDS + 1)).resolves.toBeDefined();
    await expect(inSeconds(DAY_SECONDS)).resolves.toBeDefined();
    for (const wrong of [HALF_HOUR_SECONDS - 1, DAY_SECONDS + 2]) {
      expect(await refusalOf(inSeconds(wrong))).toMatchObject({ param: "expires_at" });
    }
  });

  test("costs at least what its currency asks for, and has one known currency", async () => {
    await expect(create(sessionOf(50))).resolves.toBeDefined();
    expect((await refusalOf(create(sessionOf(49)))).code).toBe("amount_too_small");
    expect((await refusalOf(create(sessionOf(100_000_000)))).code).toBe("amount_too_large");
    for (const wrong of [0, -5]) {
      const { param } = await refusalOf(create(sessionOf(wrong)));
      expect(param).toBe("line_items[0][price_data][unit_amount]");
    }
    const [item] = sessionOf().line_items ?? [];
    const priced = (currency: string) => ({
      ...item,
      price_data: { currency, unit_amount: 5000, product_data: { name: "A switch" } },
    });
    const inCurrencies = (...currencies: string[]) =>
      create({ ...sessionOf(), line_items: currencies.map(priced) });
    expect((await inCurrencies("EUR")).currency).toBe("eur");
    expect((await refusalOf(inCurrencies("xyz"))).message).toMatch(/Invalid currency/);
    expect((await refusalOf(inCurrencies("usd", "eur"))).param).toBe("line_items");
  });

  test("is charged by the platform for itself: it has no destination and no fee", async () => {
    const destination = await open.onboardedAccount();
    const others = {
      application_fee_amount: 10,
      on_behalf_of: destination,
      transfer_data: { destination },
    };
    for (const [name, value] of Object.entries(others)) {
      const refused = await refusalOf(create(sessionOf(1000, { [name]: value })));
      expect(refused.param).toBe(`payment_intent_data[${name}]`);
    }
  });

  test("is a payment on a hosted page and nothing else", async () => {
    const other = [{ mode: "subscription" as const }, { ui_mode: "embedded_page" as const }];
    for (const change of other) {
      expect((await refusalOf(create({ ...sessionOf(), ...change }))).statusCode).toBe(400);
    }
  });
});

describe("a session's end", () => {
  test("paying by card completes it, and its payment has the payment's metadata alone", async () => {
    const given = sessionOf(2500, { metadata: { sale: "7" }, transfer_group: "sale-7" });
    const { id } = await create({ ...given, metadata: { order: "1" } });
    open.simulator.pay(id);
    const session = await retrieve(id);
    expect(session).toMatchObject({
      status: "complete",
      payment_status: "paid",
      url: null,
      customer_details: { email: "buyer@example.com" },
    });
    const intent = await open.stripe.paymentIntents.retrieve(String(session.payment_intent));
    expect(intent).toMatchObject({
      status: "succeeded",
      amount_received: 2500,
      metadata: { sale: "7" },
      transfer_group: "sale-7",
    });
    const charge = await open.stripe.charges.retrieve(String(intent.latest_charge));
    expect(charge).toMatchObject({ paid: true, amount: 2500, metadata: { sale: "7" } });
    expect(await open.ownTypes()).toEqual([
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.succeeded",
      "checkout.session.completed",
    ]);
    expect(() => open.simulator.pay(id)).toThrow(/complete/);
  });

  test("a declined card leaves it open, and another card pays the same payment", async () => {
    const { id } = await create(sessionOf());
    open.simulator.pay(id, "declined");
    const session = await retrieve(id);
    expect(session).toMatchObject({ status: "open", payment_status: "unpaid" });
    const intent = await open.stripe.paymentIntents.retrieve(String(session.payment_intent));
    expect(intent).toMatchObject({
      status: "requires_payment_method",
      last_payment_error: { code: "card_declined" },
    });
    open.simulator.pay(id);
    expect((await retrieve(id)).payment_intent).toBe(intent.id);
    expect(open.simulator.balances().platform).toEqual({ usd: 10_000 });
    const { data } = await open.stripe.charges.list({ payment_intent: intent.id });
    expect(data.map(({ status }) => status)).toEqual(["succeeded", "failed"]);
  });

  test.each(["succeeded", "failed"] as const)(
    "a bank debit completes it unpaid, and is settled later: %s",
    async (outcome) => {
      const { id } = await create(sessionOf());
      open.simulator.pay(id, "bank-debit");
      expect(await retrieve(id)).toMatchObject({ status: "complete", payment_status: "unpaid" });
      expect(open.simulator.balances().platform).toEqual({});
      open.simulator.settleBankDebit(id, outcome);
      const succeeded = outcome === "succeeded";
      expect((await retrieve(id)).payment_status).toBe(succeeded ? "paid" : "unpaid");
      expect(open.simulator.balances().platform).toEqual(succeeded ? { usd: 10_000 } : {});
      const types = await open.ownTypes();
      expect(types).toContain("checkout.session.completed");
      expect(types.at(-1)).toBe(`checkout.session.async_payment_${outcome}`);
      expect(() => open.simulator.settleBankDebit(id, outcome)).toThrow(/no pending bank debit/);
    },
  );

  test("a payment method that is not allowed cannot be used", async () => {
    const { id } = await create({ ...sessionOf(), allowed_payment_method_types: ["card"] });
    expect(() => open.simulator.pay(id, "bank-debit")).toThrow(/does not take/);
  });

  test("it expires when its time comes, and can then not be paid", async () => {
    const expires_at = nowSeconds() + 2 * HALF_HOUR_SECONDS;
    const { id } = await create({ ...sessionOf(), expires_at });
    await open.clock.advance((2 * HALF_HOUR_SECONDS - 2) * SECOND_MS);
    expect((await retrieve(id)).status).toBe("open");
    await open.clock.advance(2 * SECOND_MS);
    expect(await retrieve(id)).toMatchObject({ status: "expired", url: null });
    expect(await open.ownTypes()).toEqual(["checkout.session.expired"]);
    expect(() => open.simulator.pay(id)).toThrow(/expired/);
  });

  test("it can be expired by a call while it is open, once", async () => {
    const { id } = await create(sessionOf());
    open.simulator.pay(id, "declined");
    const expired = await open.stripe.checkout.sessions.expire(id);
    expect(expired.status).toBe("expired");
    const intent = await open.stripe.paymentIntents.retrieve(String(expired.payment_intent));
    expect(intent.status).toBe("canceled");
    const error = await refusalOf(open.stripe.checkout.sessions.expire(id));
    expect(error.message).toMatch(/has a status of `expired`/);
    const { session } = await open.paid();
    expect((await refusalOf(open.stripe.checkout.sessions.expire(session.id))).statusCode).toBe(
      400,
    );
  });

  test("a completed session does not expire when its time comes", async () => {
    const { session } = await open.paid();
    await open.clock.advance(2 * DAY_SECONDS * SECOND_MS);
    expect((await retrieve(session.id)).status).toBe("complete");
    expect(await open.ownTypes()).not.toContain("checkout.session.expired");
  });

  test("sessions are listed by status and by payment", async () => {
    const left = await create(sessionOf());
    const { session, paymentIntent } = await open.paid();
    const idsOf = async (params: Stripe.Checkout.SessionListParams) =>
      (await open.stripe.checkout.sessions.list(params)).data.map(({ id }) => id);
    expect(await idsOf({ status: "open" })).toEqual([left.id]);
    expect(await idsOf({ status: "complete" })).toEqual([session.id]);
    expect(await idsOf({ payment_intent: paymentIntent })).toEqual([session.id]);
  });
});
