import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import Stripe from "stripe";
import { type OpenStripe, openStripe, refusalOf, SECRET_KEY, sessionOf } from "../support.ts";

let open: OpenStripe;
beforeEach(async () => {
  open = await openStripe();
});
afterEach(() => open.close());

/** Calls the API without the SDK. */
async function call(path: string, headers: Record<string, string>) {
  const response = await fetch(`${open.simulator.url}/v1${path}`, { headers });
  return {
    status: response.status,
    headers: response.headers,
    body: JSON.parse(await response.text()),
  };
}

const version = { "stripe-version": Stripe.API_VERSION };

describe("who may call, and how", () => {
  test("a wrong key is refused with 401, as an authentication error of the SDK", async () => {
    const error = await refusalOf(open.client("sk_test_wrong").balance.retrieve());
    expect(error).toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
    expect(error.statusCode).toBe(401);
  });

  test("a call without a key is refused with 401", async () => {
    expect((await call("/balance", version)).status).toBe(401);
  });

  test("the key is taken as a bearer token and as a basic user name", async () => {
    const basic = `Basic ${Buffer.from(`${SECRET_KEY}:`).toString("base64")}`;
    for (const authorization of [`Bearer ${SECRET_KEY}`, basic]) {
      expect((await call("/balance", { ...version, authorization })).status).toBe(200);
    }
  });

  test("the pinned version is spoken and no other", async () => {
    const authorization = `Bearer ${SECRET_KEY}`;
    expect((await call("/balance", { authorization })).status).toBe(400);
    const older = { authorization, "stripe-version": "2024-06-20" };
    expect((await call("/balance", older)).status).toBe(400);
  });

  test("every answer carries a request id, which the SDK hands on", async () => {
    const session = await open.stripe.checkout.sessions.create(sessionOf());
    expect(session.lastResponse.requestId).toMatch(/^req_/);
    const error = await refusalOf(open.stripe.refunds.retrieve("re_none"));
    expect(error.requestId).toMatch(/^req_/);
  });

  test("an unknown path is refused with 404 in Stripe's shape", async () => {
    const answer = await call("/invoices", { ...version, authorization: `Bearer ${SECRET_KEY}` });
    expect(answer.status).toBe(404);
    expect(answer.body.error.type).toBe("invalid_request_error");
  });
});

describe("parameters", () => {
  test("what no call knows is refused by name, nested ones in brackets", async () => {
    const given = sessionOf(1000, { foo: "bar" } as never);
    const error = await refusalOf(open.stripe.checkout.sessions.create(given));
    expect(error.message).toBe("Received unknown parameter: payment_intent_data[foo]");
    expect(error).toMatchObject({ code: "parameter_unknown", param: "payment_intent_data[foo]" });
  });

  test("payment_method_types is gone from this version", async () => {
    const given = { ...sessionOf(), payment_method_types: ["card"] };
    const error = await refusalOf(open.stripe.checkout.sessions.create(given));
    expect(error.code).toBe("parameter_unknown");
  });

  test("a missing one, a wrong number, an empty text and a wrong address each have their code", async () => {
    const { success_url: _, ...withoutUrl } = sessionOf();
    const refused = async (params: Stripe.Checkout.SessionCreateParams) => {
      const { code, param } = await refusalOf(open.stripe.checkout.sessions.create(params));
      return { code, param };
    };
    expect(await refused(withoutUrl)).toEqual({ code: "parameter_missing", param: "success_url" });
    expect(await refused(sessionOf(10.5))).toEqual({
      code: "parameter_invalid_integer",
      param: "line_items[0][price_data][unit_amount]",
    });
    expect(await refused({ ...sessionOf(), client_reference_id: "" })).toEqual({
      code: "parameter_invalid_empty",
      param: "client_reference_id",
    });
    expect(await refused({ ...sessionOf(), success_url: "thanks" })).toEqual({
      code: "url_invalid",
      param: "success_url",
    });
  });

  test("metadata has at most 50 keys of 40 characters with values of 500", async () => {
    const { transfers } = open.stripe;
    const destination = await open.onboardedAccount();
    await open.paid(10_000);
    const withMetadata = (metadata: Stripe.MetadataParam) =>
      transfers.create({ amount: 1, currency: "usd", destination, metadata });
    const keys = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_unused, index) => [`key${index}`, "x"]));
    await expect(withMetadata(keys(50))).resolves.toMatchObject({ metadata: keys(50) });
    await expect(withMetadata({ ["k".repeat(40)]: "v".repeat(500) })).resolves.toBeDefined();
    for (const wrong of [keys(51), { ["k".repeat(41)]: "v" }, { k: "v".repeat(501) }]) {
      expect((await refusalOf(withMetadata(wrong))).statusCode).toBe(400);
    }
  });

  test("metadata is merged; an empty value unsets its key, an empty text all of them", async () => {
    const { accounts } = open.stripe;
    const { id } = await accounts.create({ metadata: { one: "1", two: "2" } });
    const merged = await accounts.update(id, { metadata: { two: "", three: "3" } });
    expect(merged.metadata).toEqual({ one: "1", three: "3" });
    expect((await accounts.update(id, { metadata: "" })).metadata).toEqual({});
  });
});

describe("lists", () => {
  test("lists are newest first and can be walked to their end", async () => {
    const ids: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      ids.unshift((await open.stripe.checkout.sessions.create(sessionOf())).id);
    }
    const seen: string[] = [];
    for await (const session of open.stripe.checkout.sessions.list({ limit: 3 })) {
      seen.push(session.id);
    }
    expect(seen).toEqual(ids);
    const [, second = "", third = "", fourth = ""] = ids;
    const before = await open.stripe.checkout.sessions.list({ limit: 2, ending_before: fourth });
    expect(before).toMatchObject({ has_more: true, data: [{ id: second }, { id: third }] });
  });

  test("a list keeps to the seconds it is asked for", async () => {
    const first = await open.stripe.checkout.sessions.create(sessionOf());
    await open.clock.advance(60_000);
    const second = await open.stripe.checkout.sessions.create(sessionOf());
    const idsOf = async (created: Stripe.RangeQueryParam) =>
      (await open.stripe.checkout.sessions.list({ created })).data.map(({ id }) => id);
    expect(await idsOf({ gte: second.created })).toEqual([second.id]);
    expect(await idsOf({ lt: second.created })).toEqual([first.id]);
    expect(await idsOf({ gt: first.created, lte: second.created })).toEqual([second.id]);
  });

  test("a page has 1 to 100 items, and starts after something that is there", async () => {
    const { sessions } = open.stripe.checkout;
    for (const limit of [0, 101]) {
      expect((await refusalOf(sessions.list({ limit }))).param).toBe("limit");
    }
    const error = await refusalOf(sessions.list({ starting_after: "cs_none" }));
    expect(error).toMatchObject({ code: "resource_missing", param: "starting_after" });
  });
});

describe("expanding", () => {
  test("an id is replaced by its object along the path, in lists as well", async () => {
    const { session, paymentIntent } = await open.paid(10_000);
    const expanded = await open.stripe.paymentIntents.retrieve(paymentIntent, {
      expand: ["latest_charge.balance_transaction"],
    });
    const balance_transaction = { object: "balance_transaction", amount: 10_000 };
    expect(expanded.latest_charge).toMatchObject({ object: "charge", balance_transaction });
    const list = await open.stripe.checkout.sessions.list({ expand: ["data.payment_intent"] });
    expect(list.data[0]?.payment_intent).toMatchObject({ id: paymentIntent });
    const withItems = { expand: ["line_items"] };
    const shown = await open.stripe.checkout.sessions.retrieve(session.id, withItems);
    expect(shown.line_items?.data).toMatchObject([
      { description: "A keyboard <60%>", quantity: 1 },
    ]);
    const items = await open.stripe.checkout.sessions.listLineItems(session.id);
    expect(items.data).toHaveLength(1);
  });

  test("what is no id cannot be expanded", async () => {
    const { session } = await open.paid();
    const retrieved = open.stripe.checkout.sessions.retrieve(session.id, { expand: ["status"] });
    expect((await refusalOf(retrieved)).message).toMatch(/cannot be expanded/);
  });
});
