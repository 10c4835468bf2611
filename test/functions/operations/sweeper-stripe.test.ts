import { beforeEach, describe, expect, test } from "@jest/globals";
import { stripeClient } from "../../support/clients/stripe-client.ts";
import { useCloud } from "../../support/cloud.ts";
import { sales } from "../../support/races/sales.ts";
import { shoppers } from "../../support/shop/shop.ts";
import { sweeps } from "./sweeps.ts";

const DAY_MINUTES = 24 * 60;
const LOST = { kind: "drop" } as const;

const cloud = await useCloud();
const people = shoppers(cloud);
const books = sales(cloud, people);
const { sweep, openPage } = sweeps(cloud, people);
beforeEach(async () => {
  // Deliveries delayed by an earlier test arrive now, before the next test's faults.
  await people.pass(10);
});

/** Completes a delivery that a fault has delayed, for which nothing waits. */
async function handOverDelayed(): Promise<void> {
  await cloud.clock.advance(1);
  await cloud.settle();
}

describe("the sweeper does lost work", () => {
  test("a payment whose event was lost is booked, and both sides are notified", async () => {
    const { status, sessionId, buyer, builder } = await openPage();
    cloud.faults.add({ target: "stripe", operation: /^deliver checkout/, fault: LOST });
    cloud.stripe.pay(sessionId);
    await cloud.settle();
    expect(await status()).toBe("reserved");
    await books.nextSweep();
    expect(await status()).toBe("paid");
    expect(books.timesNotified(buyer, "Receipt")).toBe(1);
    expect(books.timesNotified(builder, `<@${buyer}>`)).toBe(1);
  });

  test("a bank debit whose final event was lost is booked", async () => {
    const { status, sessionId, buyer } = await openPage();
    cloud.stripe.pay(sessionId, "bank-debit");
    await people.pass(2 * DAY_MINUTES);
    cloud.faults.add({ target: "stripe", operation: /^deliver checkout/, fault: LOST });
    cloud.stripe.settleBankDebit(sessionId, "succeeded");
    await books.nextSweep();
    expect(await status()).toBe("paid");
    expect(books.timesNotified(buyer, "Receipt")).toBe(1);
  });

  test("a reservation whose task and event were lost is ended, and its unit freed", async () => {
    const { status, dropId } = await openPage();
    cloud.faults.add({ target: "stripe", operation: /^deliver checkout/, fault: LOST });
    cloud.faults.add({ target: "tasks", operation: /^dispatch reservation-end/, fault: LOST });
    await people.pass(30);
    expect(await status()).toBe("reserved");
    await people.pass(7);
    await books.nextSweep();
    expect(await status()).toBe("expired");
    expect(await people.stock(dropId)).toEqual({ free: 2, reserved: 0, sold: 0 });
  });

  test("a refund in Stripe's dashboard whose event was lost is booked, and the builder's part taken back", async () => {
    const sale = await books.sale("split");
    cloud.faults.add({ target: "stripe", operation: /^deliver refund/, fault: LOST });
    cloud.stripe.refundInDashboard(sale.chargeId, { amount: 1001 });
    await cloud.settle();
    expect(await people.order(sale.orderId)).toMatchObject({ refunded: 0 });
    await books.nextSweep();
    expect(await people.order(sale.orderId)).toMatchObject({ refunded: 1001 });
    expect(books.has(sale)).toBe(Math.floor((3167 * (3333 - 1001)) / 3333));
    expect(books.timesNotified(sale.buyer, "on the way back to you")).toBe(1);
  });

  test("a refund that came back days later, without an event, is reported to the operators once", async () => {
    const sale = await books.sale("split");
    const { id } = cloud.stripe.refundInDashboard(sale.chargeId, { amount: 1001 });
    await people.pass(2 * DAY_MINUTES);
    cloud.faults.add({ target: "stripe", operation: /^deliver refund/, fault: LOST });
    cloud.stripe.failRefund(id);
    await books.nextSweep();
    await books.nextSweep();
    const notices = books.staffReads().filter((text) => text.includes(id));
    expect(notices).toEqual([expect.stringContaining("A refund did not reach its buyer")]);
    expect(await people.order(sale.orderId)).toMatchObject({ refunded: 1001 });
  });

  test("a dispute that a bank decided weeks later, without an event, is booked", async () => {
    const sale = await books.sale("split");
    const { id } = cloud.stripe.openDispute(sale.chargeId);
    await people.pass(20 * DAY_MINUTES);
    expect(await people.order(sale.orderId)).toMatchObject({ refunded: 0 });
    cloud.faults.add({ target: "stripe", operation: /^deliver charge/, fault: LOST });
    cloud.stripe.closeDispute(id, "lost");
    await books.nextSweep();
    expect(await people.order(sale.orderId)).toMatchObject({
      fulfillment_status: "charged_back",
      refunded: 3333,
    });
    expect(books.timesNotified(sale.builder, "back through their bank")).toBe(1);
  });

  test("a decided refund whose command was given up is made", async () => {
    const sale = await books.sale("split");
    cloud.faults.add({ target: "stripe", operation: /^POST \/v1\/refunds/, fault: LOST, times: 3 });
    const shop = { target: "pubsub", operation: /^deliver shop/ } as const;
    cloud.faults.add({ ...shop, fault: { kind: "delay", ms: 0 }, times: 1 });
    cloud.faults.add({ ...shop, fault: LOST });
    cloud.faults.add({ target: "stripe", operation: /^deliver refund/, fault: LOST });
    await people.command(sale.builder, "c500 refund", { order: sale.orderId, amount: "10.01" });
    await handOverDelayed();
    expect(await people.order(sale.orderId)).toMatchObject({ refund_requested: 1001, refunded: 0 });
    await books.nextSweep();
    expect(await people.order(sale.orderId)).toMatchObject({ refunded: 1001 });
    expect(books.has(sale)).toBe(Math.floor((3167 * (3333 - 1001)) / 3333));
  });

  test("a transfer that staff reversed by hand is reported once to the operators", async () => {
    const [split, held] = [await books.sale("split"), await books.sale("held")];
    await people.proveOnStream(held.builder, held.orderId);
    const stripe = stripeClient(cloud);
    for (const { orderId } of [split, held]) {
      const { ids } = (await people.order(orderId))["transfer"] as { ids: string[] };
      const [id = ""] = ids;
      await stripe.transfers.createReversal(id, { amount: 100 });
      await sweep();
      await sweep();
      const notices = books.staffReads().filter((text) => text.includes(id));
      expect(notices).toEqual([expect.stringContaining("100 of it was reversed")]);
      expect(notices[0]).toContain(orderId);
    }
    const counted = '"event":"stripe-difference"';
    expect(cloud.logLines).toContainEqual(expect.stringContaining(counted));
  });
});
