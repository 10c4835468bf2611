import { beforeEach, describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { type Sale, sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud();
const people = shoppers(cloud);
const books = sales(cloud, people);
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

async function refund(
  sale: Sale,
  options: Record<string, string | boolean> = {},
  by = sale.builder,
) {
  // Discord limits messages to one person per five seconds, too.
  await cloud.clock.advance(5000);
  return people.command(by, "c500 refund", { order: sale.orderId, ...options });
}
const refundsOf = ({ chargeId }: Sale) =>
  books
    .happened("refund.created")
    .filter(({ charge }) => charge === chargeId)
    .map(({ amount }) => amount);
/** The builder's exact share of what is left of $33.33, in cents. */
const shareOf = (left: number) => Math.floor((3167 * left) / 3333);

describe("refunds in Stripe's dashboard", () => {
  test.each(["split", "held"] as const)("are booked and notified once (%s)", async (payment) => {
    const sale = await books.sale(payment);
    if (payment === "held") await people.proveOnStream(sale.builder, sale.orderId);
    const copies = { kind: "duplicate", copies: 3 } as const;
    cloud.faults.add({ target: "stripe", operation: /^deliver refund/, fault: copies });
    cloud.faults.add({ target: "pubsub", operation: /^deliver refund/, fault: copies, times: 2 });
    const { id } = cloud.stripe.refundInDashboard(sale.chargeId, { amount: 1001 });
    await people.pass(1);
    await books.repeat("refund.created", id);
    await books.repeat("refund.updated", id);
    expect(await people.order(sale.orderId)).toMatchObject({
      refunded: 1001,
      refund_requested: 1001,
    });
    expect(books.has(sale)).toBe(shareOf(3333 - 1001));
    expect(books.timesNotified(sale.buyer, "on the way back to you")).toBe(1);
    expect(books.timesNotified(sale.builder, "$10.01 back")).toBe(1);
  });

  test("that are reported before the payment book the payment first", async () => {
    const { id: builder } = await people.builder();
    const dropId = await people.drop(builder, { price: "33.33" });
    const buyer = people.person();
    const answer = await people.buyNow(buyer, dropId);
    const late = { kind: "delay", ms: 7_200_000 } as const;
    cloud.faults.add({ target: "stripe", operation: /^deliver checkout/, fault: late });
    const sessionId = people.sessionOf(answer);
    cloud.stripe.pay(sessionId);
    const [charge] = books.happened("charge.succeeded").slice(-1);
    cloud.stripe.refundInDashboard(String(charge?.["id"]), { amount: 1001 });
    await cloud.settle();
    const booked = { fulfillment_status: "paid", refunded: 1001 };
    expect(await people.order(answer.interactionId)).toMatchObject(booked);
    expect(books.has({ account: await people.accountOf(builder) })).toBe(shareOf(3333 - 1001));
    cloud.faults.clear();
    await people.pass(130);
    expect(await people.order(answer.interactionId)).toMatchObject(booked);
    expect(books.timesNotified(buyer, "Receipt")).toBe(1);
  });

  test("of a payment that is booked do not need its Checkout Session", async () => {
    const sale = await books.sale("split");
    const operation = /^GET \/v1\/checkout\/sessions/;
    cloud.faults.add({ target: "stripe", operation, fault: { kind: "fail", code: 500 } });
    cloud.stripe.refundInDashboard(sale.chargeId, { amount: 1001 });
    await cloud.settle();
    expect(await people.order(sale.orderId)).toMatchObject({ refunded: 1001 });
    cloud.faults.clear();
  });

  test("that the shop has not received yet make its own refund fail, and the books are correct afterwards", async () => {
    const sale = await books.sale("split");
    const late = { kind: "delay", ms: 600_000 } as const;
    cloud.faults.add({ target: "stripe", operation: /^deliver refund/, fault: late });
    cloud.stripe.refundInDashboard(sale.chargeId);
    expect((await refund(sale)).text).toContain("Stripe refused the refund");
    await people.pass(30);
    expect(refundsOf(sale)).toEqual([3333]);
    expect(await people.order(sale.orderId)).toMatchObject({
      fulfillment_status: "refunded",
      refunded: 3333,
      refund_requested: 3333,
    });
    expect(books.has(sale)).toBe(0);
  });

  test("of payments that are not the shop's are stored and reported to the operators", async () => {
    const before = books.staffReads().length;
    const sale = await books.sale("split");
    await cloud.firestore.doc(`orders/${sale.orderId}`).delete();
    const { id } = cloud.stripe.refundInDashboard(sale.chargeId);
    await cloud.settle();
    expect(await books.deadLetters()).toContainEqual(
      expect.stringContaining(`Refund ${id} belongs`),
    );
    expect(books.staffReads().length).toBeGreaterThan(before);
  });
});

describe("a refund that does not reach its buyer", () => {
  test("is reported to the operators once, with the amount and the buyer", async () => {
    const sale = await books.sale("split");
    await refund(sale, { amount: "10.01" });
    const [made] = books.happened("refund.created").slice(-1);
    const id = String(made?.["id"]);
    cloud.stripe.failRefund(id);
    await cloud.settle();
    await books.repeat("refund.failed", id);
    const notices = books.staffReads().filter((text) => text.includes(id));
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain("A refund did not reach its buyer");
    expect(notices[0]).toContain("$10.01");
    expect(notices[0]).toContain(`<@${sale.buyer}>`);
  });
});
