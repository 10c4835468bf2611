import { beforeEach, describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";
import { moneyBack } from "./money-back.ts";

const DAY_MINUTES = 24 * 60;

const cloud = await useCloud();
// Amounts that the platform advances in other tests must not count here.
cloud.stripe.topUp(100_000);
const people = shoppers(cloud);
const books = sales(cloud, people);
const { refundsOf, byBuilder } = moneyBack(cloud, people, books);
beforeEach(async () => {
  cloud.stripe.takeTime({});
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

describe("paying the builder", () => {
  test("waits until Stripe has booked the charge, and then happens automatically", async () => {
    cloud.stripe.takeTime({ bookedMs: () => 40 * 60_000 });
    const sale = await books.sale("split");
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "held" });
    expect(books.timesNotified(sale.builder, "You sold")).toBe(1);
    await people.pass(41);
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "released" });
    expect(books.timesNotified(sale.builder, "Stripe refused")).toBe(0);
    expect(books.has(sale)).toBe(3167);
    expect(await books.deadLetters()).toEqual([]);
  });

  test("is done by the sweeper if Stripe's event is lost", async () => {
    cloud.stripe.takeTime({ bookedMs: () => 10 * 60_000 });
    const sale = await books.sale("split");
    const operation = /^deliver charge\.updated/;
    cloud.faults.add({ target: "stripe", operation, fault: { kind: "drop" } });
    await people.pass(35);
    expect(books.has(sale)).toBe(3167);
  });

  test("does not wait for messages: a DM that Discord refuses permanently delays no payment", async () => {
    const { id: builder } = await people.builder();
    const dropId = await people.drop(builder, { price: "33.33" });
    const buyer = people.person();
    const answer = await people.buyNow(buyer, dropId);
    const fault = { kind: "fail", code: 400 } as const;
    cloud.faults.add({ target: "discord", operation: /^POST \/users\/@me\/channels/, fault });
    cloud.stripe.pay(people.sessionOf(answer));
    await cloud.settle();
    await people.pass(1);
    const order = await people.order(answer.interactionId);
    expect(order).toMatchObject({ fulfillment_status: "paid", is_settling: false });
    expect(books.has({ account: await people.accountOf(builder) })).toBe(3167);
  });
});

test("a refund that Stripe refuses returns at once what was taken from the builder for it", async () => {
  const sale = await books.sale("split");
  const operation = /^POST \/v1\/refunds/;
  const fault = { kind: "fail", code: 400 } as const;
  cloud.faults.add({ target: "stripe", operation, fault, times: 1 });
  await byBuilder(sale, { amount: "10.00" });
  expect(refundsOf(sale)).toEqual([]);
  expect(books.happened("transfer.reversed").length).toBeGreaterThan(0);
  expect(books.has(sale)).toBe(3167);
  expect(await people.order(sale.orderId)).toMatchObject({ hold: "released", refund_requested: 0 });
});

describe("a refund that we owe", () => {
  test("is closed once staff have refunded all of it in the dashboard", async () => {
    const sale = await books.sale("held");
    const refuse = { kind: "fail", code: 400 } as const;
    cloud.faults.add({ target: "stripe", operation: /^POST \/v1\/refunds/, fault: refuse });
    await people.pass(14 * DAY_MINUTES + 60);
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "ended", refunded: 0 });
    cloud.stripe.refundInDashboard(sale.chargeId, { amount: 1000 });
    await people.pass(30);
    cloud.faults.clear();
    await people.pass(30);
    expect(refundsOf(sale).map(({ amount }) => amount)).toEqual([1000, 2333]);
    expect(await people.order(sale.orderId)).toMatchObject({
      refunded: 3333,
      refund_requested: 3333,
      has_open_refunds: false,
      hold: "returned",
    });
  });

  test("is closed once a bank has finally taken the money back", async () => {
    const sale = await books.sale("held");
    const refuse = { kind: "fail", code: 400 } as const;
    cloud.faults.add({ target: "stripe", operation: /^POST \/v1\/refunds/, fault: refuse });
    await people.pass(14 * DAY_MINUTES + 60);
    cloud.faults.clear();
    const { id } = cloud.stripe.openDispute(sale.chargeId);
    await people.pass(60);
    cloud.stripe.closeDispute(id, "lost");
    await people.pass(60);
    expect(refundsOf(sale)).toEqual([]);
    expect(await people.order(sale.orderId)).toMatchObject({
      refunded: 3333,
      refund_requested: 3333,
      has_open_refunds: false,
      fulfillment_status: "charged_back",
    });
  });
});

test("a buyer who got all of their money back may buy again", async () => {
  const sale = await books.sale("split", { limit: 1 });
  await byBuilder(sale);
  const { orderId } = await people.purchase(sale.dropId, sale.buyer);
  expect(await people.order(orderId)).toMatchObject({ fulfillment_status: "paid" });
});
