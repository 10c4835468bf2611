import { beforeEach, describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { type Sale, sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";
import { bankDisputes } from "./bank-disputes.ts";

/** A gRPC status that the client does not retry. https://grpc.io/docs/guides/status-codes/ */
const PERMISSION_DENIED = 7;

const cloud = await useCloud();
const people = shoppers(cloud);
const books = sales(cloud, people);
const { dispute, decide, noticesOf } = bankDisputes(cloud, books);
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

const debtsOf = async ({ builder }: Sale) => {
  const { docs } = await cloud.firestore.collection(`builders/${builder}/debts`).get();
  const owed = docs.map((debt) => Number(debt.get("amount")) - Number(debt.get("settled")));
  return owed.filter((amount) => amount > 0);
};

describe("a dispute that is won", () => {
  test("releases once what was proved meanwhile, and notifies staff once", async () => {
    const sale = await books.sale("held");
    const id = await dispute(sale);
    await people.proveOnStream(sale.builder, sale.orderId);
    await decide(id, "won");
    expect(books.has(sale)).toBe(3167);
    await books.repeat("charge.dispute.closed", id);
    await books.repeat("charge.dispute.funds_reinstated", id);
    await people.pass(20);
    expect(books.has(sale)).toBe(3167);
    expect(noticesOf(id).filter((text) => text.includes("Dispute won"))).toHaveLength(1);
  });

  test("leaves an unproved order unchanged, until its proof releases it", async () => {
    const sale = await books.sale("held");
    await decide(await dispute(sale), "won");
    expect(await people.order(sale.orderId)).toMatchObject({
      fulfillment_status: "paid",
      hold: "held",
    });
    await people.proveOnStream(sale.builder, sale.orderId);
    expect(books.has(sale)).toBe(3167);
  });

  test("is recorded with the time when the shop first learnt of it, and has none while it is open", async () => {
    const sale = await books.sale("split");
    const decidedAt = async () => {
      const { disputes } = await people.order(sale.orderId);
      const [{ decided_at: at } = {}] = disputes as {
        decided_at?: { toMillis(): number } | null;
      }[];
      return at?.toMillis();
    };
    const id = await dispute(sale);
    expect(await decidedAt()).toBeUndefined();
    const openMs = Math.floor(cloud.clock.nowMs());
    await decide(id, "won");
    const learntMs = await decidedAt();
    expect(learntMs).toBeGreaterThanOrEqual(openMs);
    await cloud.clock.advance(5000);
    await books.repeat("charge.dispute.closed", id);
    expect(await decidedAt()).toBe(learntMs);
  });

  test("lets the order be refunded again", async () => {
    const sale = await books.sale("split");
    await decide(await dispute(sale), "won");
    const { text } = await people.command(sale.builder, "c500 refund", { order: sale.orderId });
    expect(text).toContain("Done: $33.33");
    expect(books.has(sale)).toBe(0);
  });
});

describe("a dispute that is lost", () => {
  test.each([
    ["split", false],
    ["held", true],
  ] as const)(
    "leaves the builder's whole part with the platform, as taken when it opened, and charges the order back (%s)",
    async (payment, isProved) => {
      const sale = await books.sale(payment);
      if (isProved) await people.proveOnStream(sale.builder, sale.orderId);
      expect(books.has(sale)).toBe(3167);
      const id = await dispute(sale);
      expect(books.has(sale)).toBe(0);
      await decide(id, "lost");
      await books.repeat("charge.dispute.closed", id);
      expect(await people.order(sale.orderId)).toMatchObject({
        fulfillment_status: "charged_back",
        refunded: 3333,
      });
      expect(books.has(sale)).toBe(0);
      expect(await debtsOf(sale)).toEqual([]);
      expect(noticesOf(id).filter((text) => text.includes("Dispute lost"))).toHaveLength(1);
      expect(books.timesNotified(sale.buyer, "on the way back to you")).toBe(0);
    },
  );

  test("is owed once by a builder who has paid the money out, and deducted from the next sale", async () => {
    const sale = await books.sale("split");
    cloud.stripe.payOut(sale.account);
    const id = await dispute(sale);
    await decide(id, "lost");
    await books.repeat("charge.dispute.closed", id);
    expect(await debtsOf(sale)).toEqual([3167]);
    const next = await people.drop(sale.builder, { price: "50.00" });
    await people.purchase(next);
    expect(books.has(sale)).toBe(4750 - 3167);
    expect(await debtsOf(sale)).toEqual([]);
  });

  test("before the proof costs the builder nothing: the held money is lost, and none is released", async () => {
    const sale = await books.sale("held");
    await decide(await dispute(sale), "lost");
    const { embeds } = await people.proveOnStream(sale.builder, sale.orderId);
    expect(embeds).toContain("finished or cancelled");
    await people.pass(20);
    expect(books.has(sale)).toBe(0);
    expect(await debtsOf(sale)).toEqual([]);
    expect(await people.order(sale.orderId)).toMatchObject({ fulfillment_status: "charged_back" });
  });

  test("about the rest after a refund takes back that rest, never more than was paid", async () => {
    const sale = await books.sale("split");
    await people.command(sale.builder, "c500 refund", { order: sale.orderId, amount: "10.01" });
    await decide(await dispute(sale), "lost");
    expect(await people.order(sale.orderId)).toMatchObject({
      fulfillment_status: "charged_back",
      refunded: 3333,
    });
    expect(books.has(sale)).toBe(0);
  });
});

describe("an appeal that overturns a booked loss", () => {
  test("and is then refunded in the dashboard never promises the buyer $0.00", async () => {
    const sale = await books.sale("split");
    const id = await dispute(sale);
    await decide(id, "lost");
    await cloud.clock.advance(5000);
    cloud.stripe.overturnDispute(id);
    await cloud.settle();
    cloud.stripe.refundInDashboard(sale.chargeId, {});
    await people.pass(30);
    expect(people.messagesTo(sale.buyer).join()).not.toContain("$0.00");
    expect(people.messagesTo(sale.builder).join()).not.toContain("$0.00");
    expect(await people.order(sale.orderId)).toMatchObject({ refunded: 3333 });
  });

  test("is left to staff: the bookings stay, and the builder never reads that it was won", async () => {
    const sale = await books.sale("split");
    const id = await dispute(sale);
    await decide(id, "lost");
    await cloud.clock.advance(5000);
    cloud.stripe.overturnDispute(id);
    await cloud.settle();
    await books.repeat("charge.dispute.closed", id);
    expect(noticesOf(id).filter((text) => text.includes("settle the difference"))).toHaveLength(1);
    expect(books.timesNotified(sale.builder, "back through their bank")).toBe(1);
    expect(books.timesNotified(sale.builder, "in your favor")).toBe(0);
    expect(books.has(sale)).toBe(0);
    expect(await people.order(sale.orderId)).toMatchObject({
      fulfillment_status: "charged_back",
      refunded: 3333,
    });
  });

  test("before the builder could be notified of the loss still notifies them of it once", async () => {
    const sale = await books.sale("split");
    const id = await dispute(sale);
    const publish = { target: "pubsub", operation: /^Publish$/ } as const;
    // The webhook publishes Stripe's event; the run then books the loss, and fails at the first thing it publishes.
    cloud.faults.add({ ...publish, fault: { kind: "delay", ms: 0 }, times: 1 });
    cloud.faults.add({ ...publish, fault: { kind: "fail", code: PERMISSION_DENIED } });
    await decide(id, "lost");
    expect(await people.order(sale.orderId)).toMatchObject({
      disputes: [{ id, outcome: "lost", is_booked: true }],
    });
    expect(books.timesNotified(sale.builder, "back through their bank")).toBe(0);
    cloud.faults.clear();
    cloud.stripe.overturnDispute(id);
    await people.pass(20);
    expect(noticesOf(id).filter((text) => text.includes("settle the difference"))).toHaveLength(1);
    expect(books.timesNotified(sale.builder, "back through their bank")).toBe(1);
    expect(books.timesNotified(sale.builder, "in your favor")).toBe(0);
  });
});
