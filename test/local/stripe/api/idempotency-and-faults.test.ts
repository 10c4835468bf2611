import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import Stripe from "stripe";
import type { Fault } from "../../../../local/kit/faults.ts";
import { type OpenStripe, openStripe, refusalOf, sessionOf } from "../support.ts";

const HOUR_MS = 60 * 60_000;
const REPLAYED = "idempotent-replayed";

let open: OpenStripe;
beforeEach(async () => {
  open = await openStripe();
});
afterEach(() => open.close());

const idempotencyKey = "sale-1:0";
const create = (amount = 10_000) =>
  open.stripe.checkout.sessions.create(sessionOf(amount), { idempotencyKey });
const sessionCount = async () => (await open.stripe.checkout.sessions.list()).data.length;

const plan = (fault: Fault, operation = /^POST \/v1\/checkout\/sessions$/) =>
  open.faults.add({ target: "stripe", operation, fault, times: 1 });

/** Resolves once a delayed call waits for its hour to pass. */
async function untilDelayed() {
  while ((open.clock.nextDueMs() ?? Number.POSITIVE_INFINITY) > open.clock.nowMs() + HOUR_MS) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("idempotency keys", () => {
  test("a repeated call is done once and answered as the first time", async () => {
    const first = await create();
    const second = await create();
    expect(second).toEqual(first);
    expect(first.lastResponse.headers[REPLAYED]).toBeUndefined();
    expect(second.lastResponse.headers[REPLAYED]).toBe("true");
    expect(await sessionCount()).toBe(1);
  });

  test("the answer is as it was, though the object has changed since", async () => {
    const { id } = await create();
    open.simulator.pay(id);
    expect(await create()).toMatchObject({ id, status: "open" });
  });

  test("a key is good for one set of parameters on one path", async () => {
    await create();
    const other = await refusalOf(create(5000));
    expect(other).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
    expect(other.statusCode).toBe(400);
    const elsewhere = await refusalOf(open.stripe.accounts.create({}, { idempotencyKey }));
    expect(elsewhere.rawType).toBe("idempotency_error");
    const tooLong = { idempotencyKey: "k".repeat(256) };
    expect((await refusalOf(open.stripe.accounts.create({}, tooLong))).statusCode).toBe(400);
  });

  test("a refusal is kept as well, once the call had begun", async () => {
    const { charge } = await open.paid(10_000);
    open.simulator.refundInDashboard(charge);
    const refund = () => open.stripe.refunds.create({ charge }, { idempotencyKey });
    expect((await refusalOf(refund())).headers?.[REPLAYED]).toBeUndefined();
    const again = await refusalOf(refund());
    expect(again.code).toBe("charge_already_refunded");
    expect(again.headers?.[REPLAYED]).toBe("true");
  });

  test("parameters that are not valid leave the key free", async () => {
    const wrong = { idempotencyKey };
    await refusalOf(open.stripe.checkout.sessions.create(sessionOf(1), wrong));
    await expect(create()).resolves.toMatchObject({ status: "open" });
  });

  test("while a call is under way its key is in use", async () => {
    plan({ kind: "delay", ms: HOUR_MS });
    const first = create();
    await untilDelayed();
    const error = await refusalOf(create());
    expect(error).toMatchObject({ statusCode: 409, code: "idempotency_key_in_use" });
    await open.clock.advance(HOUR_MS);
    const { id } = await first;
    expect((await create()).id).toBe(id);
  });

  test("a key is forgotten after a day", async () => {
    const first = await create();
    await open.clock.advance(23 * HOUR_MS);
    expect((await create()).id).toBe(first.id);
    await open.clock.advance(HOUR_MS);
    expect((await create()).id).not.toBe(first.id);
  });

  test("events name the call and the key that made them", async () => {
    const { charge } = await open.paid(10_000);
    const refund = await open.stripe.refunds.create({ charge }, { idempotencyKey });
    const { data } = await open.stripe.events.list({ type: "refund.created" });
    const request = { id: refund.lastResponse.requestId, idempotency_key: idempotencyKey };
    expect(data[0]?.request).toEqual(request);
    const { data: paid } = await open.stripe.events.list({ type: "checkout.session.completed" });
    expect(paid[0]?.request).toEqual({ id: null, idempotency_key: null });
  });
});

describe("planned faults of calls", () => {
  test.each([
    [400, "StripeInvalidRequestError"],
    [401, "StripeAuthenticationError"],
    [402, "StripeCardError"],
    [403, "StripePermissionError"],
    [429, "StripeRateLimitError"],
    [503, "StripeAPIError"],
  ])(
    "a call failed with %i is refused as Stripe refuses, and the key stays free",
    async (code, type) => {
      plan({ kind: "fail", code });
      expect(await refusalOf(create())).toMatchObject({ statusCode: code, type });
      expect(await sessionCount()).toBe(0);
      await expect(create()).resolves.toMatchObject({ status: "open" });
    },
  );

  test("a 500 stays under its key for a day; another key goes through", async () => {
    plan({ kind: "fail", code: 500 });
    expect((await refusalOf(create())).statusCode).toBe(500);
    const again = await refusalOf(create());
    expect(again).toMatchObject({ statusCode: 500, rawType: "api_error" });
    expect(again.headers?.[REPLAYED]).toBe("true");
    const another = { idempotencyKey: "sale-1:1" };
    const session = await open.stripe.checkout.sessions.create(sessionOf(), another);
    expect(session.status).toBe("open");
    expect(await sessionCount()).toBe(1);
  });

  test("a dropped call is not done", async () => {
    plan({ kind: "drop" }, /POST/);
    plan({ kind: "drop" }, /POST/);
    expect(await refusalOf(create())).toBeInstanceOf(Stripe.errors.StripeConnectionError);
    expect(await sessionCount()).toBe(0);
  });

  test("a call whose answer is lost is done, once however often it is tried again", async () => {
    plan({ kind: "lose-answer" });
    plan({ kind: "lose-answer" });
    expect(await refusalOf(create())).toBeInstanceOf(Stripe.errors.StripeConnectionError);
    const session = await create();
    expect(session.lastResponse.headers[REPLAYED]).toBe("true");
    expect(await sessionCount()).toBe(1);
  });

  test("the SDK's own retries bring a lost answer back", async () => {
    plan({ kind: "lose-answer" });
    const { id } = await open.client(undefined, 2).checkout.sessions.create(sessionOf());
    const { data } = await open.stripe.checkout.sessions.list();
    expect(data.map((session) => session.id)).toEqual([id]);
  });

  test("a delayed call is done when its time has come", async () => {
    const { id } = await create();
    plan({ kind: "delay", ms: HOUR_MS }, /^GET /);
    const call = open.stripe.checkout.sessions.retrieve(id);
    await untilDelayed();
    open.simulator.pay(id);
    await open.clock.advance(HOUR_MS);
    expect((await call).status).toBe("complete");
  });
});
