import { beforeEach, describe, expect, test } from "@jest/globals";
import type Stripe from "stripe";
import { stripeClient } from "../../support/clients/stripe-client.ts";
import { useCloud } from "../../support/cloud.ts";
import { sales } from "../../support/races/sales.ts";
import { shoppers } from "../../support/shop/shop.ts";
import { sweeps } from "./sweeps.ts";

const HOUR_MINUTES = 60;
const LOST = { kind: "drop" } as const;

/** At 14 seconds each, they use up most of a sweep's four minutes, but leave enough to start one more list. */
const SLOW_SESSIONS = 14;

/** A Checkout Session of a sale made elsewhere. */
const FOREIGN_SESSION: Stripe.Checkout.SessionCreateParams = {
  mode: "payment",
  success_url: "https://shop.example/thanks",
  line_items: [
    {
      quantity: 1,
      price_data: { currency: "usd", unit_amount: 1000, product_data: { name: "Poster" } },
    },
  ],
};

const cloud = await useCloud();
const people = shoppers(cloud);
const books = sales(cloud, people);
const { sweep, openPage } = sweeps(cloud, people);
beforeEach(async () => {
  // Deliveries delayed by an earlier test arrive now, before the next test's faults.
  await people.pass(10);
});

/** Everything that could change: documents, messages, and Stripe's objects. */
async function everything() {
  const collections = ["orders", "units", "buyers", "refunds", "debts", "inventory"];
  const documents = await Promise.all(
    collections.map(async (name) => {
      const { docs } = await cloud.firestore.collectionGroup(name).get();
      return docs.map((document) => [document.ref.path, document.data()]);
    }),
  );
  const posted = cloud.discord.events().filter(({ kind }) => kind === "message-created").length;
  return { documents, posted, happened: cloud.stripe.events().length };
}

describe("the sweeper does lost work", () => {
  test("the release of a proved order whose event was lost is made", async () => {
    const sale = await books.sale("held");
    cloud.faults.add({ target: "pubsub", operation: /^deliver order-release/, fault: LOST });
    await people.proveOnStream(sale.builder, sale.orderId);
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "held" });
    await books.nextSweep();
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "released" });
    expect(books.has(sale)).toBe(3167);
  });

  test("a proved order is released even if another started release cannot be read", async () => {
    const sale = await books.sale("held");
    cloud.faults.add({ target: "pubsub", operation: /^deliver order-release/, fault: LOST });
    await people.proveOnStream(sale.builder, sale.orderId);
    const broken = cloud.firestore.doc("orders/broken-release");
    await broken.set({ hold: "releasing" });
    await books.nextSweep();
    await broken.delete();
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "released" });
  });

  test("a release behind 200 impossible ones is made by the next run", async () => {
    const sale = await books.sale("held");
    cloud.faults.add({ target: "pubsub", operation: /^deliver order-release/, fault: LOST });
    await people.proveOnStream(sale.builder, sale.orderId);
    const order = (await cloud.firestore.doc(`orders/${sale.orderId}`).get()).data();
    const batch = cloud.firestore.batch();
    const stuck = Array.from({ length: 200 }, (_, index) =>
      cloud.firestore.doc(`orders/100000000000${1000 + index}`),
    );
    // Their builder is not approved, so they stay in the list.
    for (const place of stuck) batch.set(place, { ...order, builder_id: people.person() });
    await batch.commit();
    await books.nextSweep();
    await books.nextSweep();
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "released" });
    expect((await stuck[0]?.get())?.get("hold")).toBe("held");
    for (const place of stuck) await place.delete();
  });
});

describe("a sweep", () => {
  test("that finds nothing lost changes nothing, nor does a second one at the same time", async () => {
    await people.pass(HOUR_MINUTES);
    const sale = await books.sale("held");
    await people.proveOnStream(sale.builder, sale.orderId);
    await books.sale("split");
    await openPage();
    await sweep();
    const before = await everything();
    expect(await Promise.all([sweep(), sweep()])).toEqual([204, 204]);
    expect(await sweep()).toBe(204);
    expect(await everything()).toEqual(before);
  });

  test("two concurrent ones do lost work once", async () => {
    const { status, sessionId, buyer, builder } = await openPage();
    const sale = await books.sale("split");
    cloud.faults.add({ target: "stripe", operation: /^deliver/, fault: LOST });
    cloud.stripe.pay(sessionId);
    cloud.stripe.refundInDashboard(sale.chargeId, { amount: 1001 });
    expect(await Promise.all([sweep(), sweep()])).toEqual([204, 204]);
    expect(await status()).toBe("paid");
    expect(books.timesNotified(buyer, "Receipt")).toBe(1);
    expect(books.timesNotified(builder, `<@${buyer}>`)).toBe(1);
    expect(await people.order(sale.orderId)).toMatchObject({ refunded: 1001 });
    expect(books.has(sale)).toBe(Math.floor((3167 * (3333 - 1001)) / 3333));
    expect(books.timesNotified(sale.buyer, "on the way back to you")).toBe(1);
  });

  test("of which one part fails does the other parts and reports the failure; the next one does that part", async () => {
    const sale = await books.sale("held");
    const { sessionId, status } = await openPage();
    cloud.faults.add({ target: "pubsub", operation: /^deliver order-release/, fault: LOST });
    cloud.faults.add({ target: "stripe", operation: /^deliver checkout/, fault: LOST });
    const lists = /^GET \/v1\/events$/;
    cloud.faults.add({ target: "stripe", operation: lists, fault: { kind: "fail", code: 400 } });
    await people.proveOnStream(sale.builder, sale.orderId);
    cloud.stripe.pay(sessionId);
    await cloud.settle();
    const before = cloud.logLines.length;
    expect(await sweep()).toBe(500);
    expect(cloud.logLines.slice(before).join()).toContain('"part":"reconcile"');
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "released" });
    expect(await status()).toBe("reserved");
    cloud.faults.clear();
    expect(await sweep()).toBe(204);
    expect(await status()).toBe("paid");
  });

  test("handles every order, even if one cannot be read", async () => {
    const sale = await books.sale("held");
    const end = new Date(cloud.clock.nowMs() - 10 * 60_000);
    const due = { held_until: end, hold_ends_at: end };
    await cloud.firestore.doc(`orders/${sale.orderId}`).update(due);
    const broken = cloud.firestore.doc("orders/broken");
    const first = new Date(end.getTime() - 1000);
    await broken.set({ hold: "held", hold_ends_at: first });
    expect(await sweep()).toBe(500);
    await broken.delete();
    expect(await people.order(sale.orderId)).toMatchObject({ refunded: 3333 });
    expect(await sweep()).toBe(204);
  });

  test("ends within its five minutes, even if Stripe is slow first and then hangs for each list", async () => {
    const { checkout } = stripeClient(cloud);
    for (let count = 0; count < SLOW_SESSIONS; count += 1) {
      const { id } = await checkout.sessions.create(FOREIGN_SESSION);
      await checkout.sessions.expire(id);
    }
    // The next scheduled run is a quarter of an hour away.
    await books.nextSweep();
    const stripe = { target: "stripe" } as const;
    // Just within the client's 15 seconds; beyond them, each call fails after three tries.
    const slow = { kind: "delay", ms: 14_000 } as const;
    const hanging = { kind: "delay", ms: 20_000 } as const;
    const sessions = /^GET \/v1\/checkout\/sessions\//;
    cloud.faults.add({ ...stripe, operation: sessions, fault: slow, times: SLOW_SESSIONS });
    cloud.faults.add({ ...stripe, operation: /^GET \/v1\/events/, fault: slow, times: 1 });
    cloud.faults.add({ ...stripe, fault: hanging });
    const beganAtMs = cloud.clock.nowMs();
    const { status } = await cloud.fetch(cloud.url("sweeper"), { method: "POST" });
    expect(status).toBe(500);
    expect(cloud.clock.nowMs() - beganAtMs).toBeLessThan(5 * 60_000);
    cloud.faults.clear();
    expect(await sweep()).toBe(204);
  });
});
