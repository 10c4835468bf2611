import { beforeEach, describe, expect, test } from "@jest/globals";
import { createPayments } from "../../../../functions/shop/store/payments/payments.ts";
import { useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const HELD_MS = 14 * 24 * 3_600_000;

let dropId: string;
let orderId: string;

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const payments = createPayments(async () => cloud.firestore);
/** The only unit of a drop is reserved, and its Checkout Session is open. */
beforeEach(async () => {
  const { id } = await people.builder();
  dropId = await people.drop(id, { quantity: "1", payment: "held" });
  orderId = (await people.buyNow(people.person(), dropId)).interactionId;
});

const now = () => cloud.clock.now();
const stored = () => people.order(orderId);
const change = (fields: object) => cloud.firestore.doc(`orders/${orderId}`).update({ ...fields });
const facts = () => ({
  paymentIntentId: "pi_1",
  chargeId: "ch_1",
  paidAt: new Date(0),
  amount: 3333,
  tax: 0,
  shipping: 0,
  shippingTax: 0,
});
const timeOf = async (field: string) => ((await stored())[field] as { toDate(): Date }).toDate();
const settle = async (paymentIntentId = "pi_1") =>
  (await payments.settle(orderId, { ...facts(), paymentIntentId }, now())).outcome;

describe("the Checkout Session of an order", () => {
  const page = { attempt: 1, sessionId: "cs_new", url: "https://pay.test" };
  const again = new Date("2026-12-01T00:00:00Z");
  const sessionId = async () => (await stored())["checkout_session_id"];

  test("is the first that was created, also for a slower caller", async () => {
    const first = await sessionId();
    const order = await payments.recordSession(orderId, page);
    expect([order.payment?.checkout.sessionId, await sessionId()]).toEqual([first, first]);
  });

  test("is stored for the attempt it was created for, while the unit is reserved", async () => {
    await change({ checkout_session_id: null, checkout_url: null });
    await payments.recordSession(orderId, { ...page, attempt: 2 });
    expect(await sessionId()).toBeNull();
    await change({ fulfillment_status: "expired" });
    await payments.recordSession(orderId, page);
    expect(await sessionId()).toBeNull();
    await change({ fulfillment_status: "reserved" });
    const order = await payments.recordSession(orderId, page);
    expect(order.payment?.checkout).toMatchObject({ sessionId: "cs_new", url: page.url });
    expect(await stored()).toMatchObject({ checkout_session_id: "cs_new", checkout_url: page.url });
  });

  test("is created again if there is none, and only once for each attempt", async () => {
    await payments.nextAttempt(orderId, 1, again);
    expect(await stored()).toMatchObject({ checkout_attempt: 1 });
    await change({ checkout_session_id: null, checkout_url: null });
    const next = await payments.nextAttempt(orderId, 1, again);
    expect(next.payment?.checkout).toMatchObject({ attempt: 2, expiresAt: again });
    const later = new Date(again.getTime() + 60_000);
    expect(await payments.nextAttempt(orderId, 1, later)).toMatchObject({
      payment: { checkout: { attempt: 2, expiresAt: again } },
    });
    await change({ fulfillment_status: "expired" });
    await payments.nextAttempt(orderId, 2, again);
    expect(await stored()).toMatchObject({ checkout_attempt: 2 });
    expect(await timeOf("checkout_expires_at")).toEqual(again);
  });
});

describe("a payment", () => {
  test("sells the reserved unit, and is held for two weeks from its booking", async () => {
    const at = now();
    const { outcome, order } = await payments.settle(orderId, facts(), at);
    expect(outcome).toBe("paid");
    const heldUntil = new Date(at.getTime() + HELD_MS);
    expect(order).toMatchObject({
      fulfillmentStatus: "paid",
      payment: { hold: "held", heldUntil },
    });
    expect(await stored()).toMatchObject({
      fulfillment_status: "paid",
      hold: "held",
      is_settling: true,
      payment_intent_id: "pi_1",
      charge_id: "ch_1",
    });
    expect(await timeOf("held_until")).toEqual(heldUntil);
    expect(await timeOf("hold_ends_at")).toEqual(heldUntil);
    expect(await people.stock(dropId)).toEqual({ free: 0, reserved: 0, sold: 1 });
  });

  test("that needs no proof is not held", async () => {
    await change({ plan: "split" });
    await settle();
    expect((await stored())["held_until"] ?? null).toBeNull();
  });

  test("is booked once; a second payment of the same order is not", async () => {
    expect(await settle()).toBe("paid");
    const before = await stored();
    expect(await settle()).toBe("paid");
    expect(await settle("pi_2")).toBe("paid-twice");
    expect(await stored()).toEqual(before);
  });

  test("is unsettled until everything that follows is done", async () => {
    expect(await payments.isUnsettled(orderId)).toBe(false);
    await settle();
    expect(await payments.isUnsettled(orderId)).toBe(true);
    expect(await payments.unsettled("settling", undefined, 1000)).toContain(orderId);
    expect(await payments.unsettled("processing", undefined, 1000)).not.toContain(orderId);
    await payments.settled(orderId);
    expect(await payments.isUnsettled(orderId)).toBe(false);
  });

  test("that takes days keeps the unit, and is unsettled until the bank answers", async () => {
    await payments.markProcessing(orderId, now());
    expect(await stored()).toMatchObject({ fulfillment_status: "processing" });
    expect(await payments.isUnsettled(orderId)).toBe(true);
    expect(await payments.unsettled("processing", undefined, 1000)).toContain(orderId);
    expect(await people.stock(dropId)).toEqual({ free: 0, reserved: 1, sold: 0 });
    expect(await settle()).toBe("paid");
    await payments.markProcessing(orderId, now());
    expect(await stored()).toMatchObject({ fulfillment_status: "paid" });
    expect(await people.stock(dropId)).toEqual({ free: 0, reserved: 0, sold: 1 });
  });

  test("that arrives after the reservation has ended takes a free unit, which then belongs to the buyer", async () => {
    const { buyer_id: buyer } = await stored();
    await people.giveBack(String(buyer), orderId);
    expect(await people.stock(dropId)).toEqual({ free: 1, reserved: 0, sold: 0 });
    expect(await settle()).toBe("paid");
    expect(await people.stock(dropId)).toEqual({ free: 0, reserved: 0, sold: 1 });
    const owner = await cloud.firestore.doc(`inventory/${dropId}/buyers/${buyer}`).get();
    expect(owner.get("order_ids")).toEqual([orderId]);
  });

  test("for which no unit is left is remembered, and gives the same answer again", async () => {
    const { buyer_id: buyer } = await stored();
    await people.giveBack(String(buyer), orderId);
    await people.buyNow(people.person(), dropId);
    expect(await settle()).toBe("unit-gone");
    expect(await settle()).toBe("unit-gone");
    expect(await stored()).toMatchObject({ fulfillment_status: "cancelled", is_settling: true });
    expect((await stored())["paid_at"] ?? null).toBeNull();
    expect(await settle("pi_2")).toBe("paid-twice");
  });
});
