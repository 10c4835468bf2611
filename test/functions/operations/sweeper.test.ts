import { beforeEach, describe, expect, test } from "@jest/globals";
import { stripeClient } from "../../support/clients/stripe-client.ts";
import { useCloud } from "../../support/cloud.ts";
import { sales } from "../../support/races/sales.ts";
import { shoppers } from "../../support/shop/shop.ts";
import { deleteAll } from "../../support/stored/documents.ts";

const HOUR_MINUTES = 60;
const DAY_MINUTES = 24 * HOUR_MINUTES;
const LOST = { kind: "drop" } as const;

const cloud = await useCloud();
const people = shoppers(cloud);
const books = sales(cloud, people);
beforeEach(async () => {
  // Deliveries delayed by an earlier test arrive now, before the next test's faults.
  await people.pass(10);
});

/** Calls the sweeper as Cloud Scheduler does; returns its status. */
async function sweep(): Promise<number> {
  const { status } = await cloud.fetch(cloud.url("sweeper"), { method: "POST" });
  await cloud.settle();
  await people.pass(1);
  return status;
}

/** A Checkout Session that a new buyer has opened and not paid. */
async function openPage(price = "12.50") {
  const { id: builder } = await people.builder();
  const dropId = await people.drop(builder, { price, quantity: "2" });
  const buyer = people.person();
  const answer = await people.buyNow(buyer, dropId);
  const orderId = answer.interactionId;
  const status = async () => (await people.order(orderId))["fulfillment_status"];
  return { builder, dropId, buyer, orderId, sessionId: people.sessionOf(answer), status };
}

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

  test("a post that shows an old state is updated", async () => {
    const { id: builder } = await people.builder();
    const dropId = await people.drop(builder, { quantity: "3" });
    await people.pass(1);
    cloud.faults.add({ target: "tasks", operation: /^CreateTask/, fault: LOST });
    await people.buyNow(people.person(), dropId);
    await people.pass(1);
    expect(people.shown(dropId, "Units left")).toBe("3 of 3");
    cloud.faults.clear();
    await books.nextSweep();
    await people.pass(1);
    expect(people.shown(dropId, "Units left")).toBe("2 of 3");
  });
});

test("of many drops, each run checks ten posts, and the next run the next ones", async () => {
  const { id: builder } = await people.builder();
  const drops: string[] = [];
  for (let count = 0; count < 12; count += 1) {
    drops.push(await people.drop(builder, { quantity: "1" }));
    await people.pass(1);
  }
  const checkedIn = async (runs: number) => {
    const before = cloud.tasks?.tasks().length ?? 0;
    const checked = new Set<unknown>();
    for (let run = 0; run < runs; run += 1) await sweep();
    for (const { queueId, body } of cloud.tasks?.tasks().slice(before) ?? []) {
      if (queueId === "drop-board") checked.add(JSON.parse(String(body)).dropId);
    }
    return checked;
  };
  expect((await checkedIn(1)).size).toBe(10);
  expect([...(await checkedIn(20))]).toEqual(expect.arrayContaining(drops));
});

describe("the sweeper's check of the ledger", () => {
  const lines = (event: string) =>
    cloud.logLines.filter((line) => line.includes(`"event":"${event}"`));
  const posted = (id: string) => cloud.firestore.doc(`ledger/planted/postings/${id}`);

  test("runs four times a day, and finds a balanced ledger in order", async () => {
    await people.pass(6 * HOUR_MINUTES);
    const before = lines("ledger-checked").length;
    for (let hours = 0; hours < 12; hours += 1) await people.pass(HOUR_MINUTES);
    expect(lines("ledger-checked")).toHaveLength(before + 2);
    expect(lines("ledger-unbalanced")).toEqual([]);
  });

  test("reports a currency whose postings do not sum to zero, and no other", async () => {
    const at = new Date(cloud.clock.nowMs());
    const shared = { account: "platform", kind: "sale", at, available_at: at };
    await posted("0").set({ ...shared, currency: "jpy", amount: 500 });
    await posted("1").set({ ...shared, currency: "jpy", amount: -500 });
    await posted("2").set({ ...shared, currency: "usd", amount: 7 });
    await people.pass(6 * HOUR_MINUTES);
    await sweep();
    const [line, ...others] = lines("ledger-unbalanced");
    expect(JSON.parse(line ?? "")).toMatchObject({
      severity: "ERROR",
      currency: "usd",
      amount: 7,
    });
    expect(others).toEqual([]);
    for (const id of ["0", "1", "2"]) await posted(id).delete();
  });
});

describe("the sweeper's check of a ledger of many days", () => {
  test("continues in the next run where it stopped, and logs when it has finished", async () => {
    const lines = (event: string) =>
      cloud.logLines.filter((line) => line.includes(`"event":"${event}"`)).length;
    const planted = cloud.firestore.collection("ledger").doc("long-ago").collection("postings");
    const batch = cloud.firestore.batch();
    for (let day = 0; day < 410; day += 1) {
      const at = new Date(Date.UTC(2020, 0, 1 + day));
      const amount = day === 405 ? 7 : 0;
      const shared = { account: "platform", kind: "sale", currency: "usd", amount };
      batch.set(planted.doc(String(day)), { ...shared, at, available_at: at });
    }
    await batch.commit();
    const [wrong, checked] = [lines("ledger-unbalanced"), lines("ledger-checked")];
    await cloud.firestore.doc("sweeps/ledger").delete();
    await sweep();
    expect([lines("ledger-unbalanced"), lines("ledger-checked")]).toEqual([wrong, checked]);
    await sweep();
    expect([lines("ledger-unbalanced"), lines("ledger-checked")]).toEqual([wrong + 1, checked + 1]);
    await deleteAll(cloud.firestore, planted.path);
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
});
