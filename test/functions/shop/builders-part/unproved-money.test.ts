import { beforeEach, describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { type Sale, sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";
import { heldSales } from "./held-sales.ts";

const DAY_MINUTES = 24 * 60;
const MINUTE_MS = 60_000;
/** A gRPC status that Firestore's client does not retry. https://grpc.io/docs/guides/status-codes/ */
const PERMISSION_DENIED = 7;

const cloud = await useCloud();
const people = shoppers(cloud);
const books = sales(cloud, people);
const { refundsOf, warnings, endIn, dueTask } = heldSales(cloud, books);
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

const heldUntilMs = async (orderId: string): Promise<number> =>
  (
    (await cloud.firestore.doc(`orders/${orderId}`).get()).get("held_until") as {
      toMillis(): number;
    }
  ).toMillis();

/** Lets time pass until this many minutes before the refund. */
async function passUntil({ orderId }: Sale, minutesBefore: number): Promise<void> {
  const atMs = (await heldUntilMs(orderId)) - minutesBefore * MINUTE_MS;
  await cloud.pass(atMs - cloud.clock.nowMs());
  await cloud.settle();
}

describe("held money that nobody proves", () => {
  test("is announced although the warning's task came a moment early by the instance's clock", async () => {
    const sale = await books.sale("held");
    await passUntil(sale, 3 * DAY_MINUTES + 0.5);
    expect(await dueTask(sale.orderId)).toBe(500);
    expect(warnings(sale)).toEqual([0, 0]);
    await cloud.clock.advance(MINUTE_MS);
    expect(await dueTask(sale.orderId)).toBe(204);
    expect(warnings(sale)).toEqual([1, 1]);
  });

  test("is announced to both three days and one day before, once each, and then refunded in full", async () => {
    const sale = await books.sale("held");
    const twice = { kind: "duplicate", copies: 3 } as const;
    cloud.faults.add({ target: "tasks", operation: /^dispatch held-payment/, fault: twice });
    await passUntil(sale, 3 * DAY_MINUTES + 1);
    expect(warnings(sale)).toEqual([0, 0]);
    await passUntil(sale, 3 * DAY_MINUTES - 2);
    expect(warnings(sale)).toEqual([1, 1]);
    await passUntil(sale, DAY_MINUTES + 1);
    expect(warnings(sale)).toEqual([1, 1]);
    await passUntil(sale, DAY_MINUTES - 2);
    expect(warnings(sale)).toEqual([2, 2]);
    await passUntil(sale, 1);
    expect(refundsOf(sale)).toEqual([]);

    await passUntil(sale, -2);
    expect(refundsOf(sale)).toEqual([expect.objectContaining({ amount: 3333 })]);
    expect(await people.order(sale.orderId)).toMatchObject({
      fulfillment_status: "refunded",
      hold: "returned",
      refunded: 3333,
    });
    expect(await people.stock(sale.dropId)).toEqual({ free: 2, reserved: 0, sold: 0 });
    await people.pass(60);
    expect(warnings(sale)).toEqual([2, 2]);
    expect(books.timesNotified(sale.buyer, "you get your money back")).toBe(1);
    expect(books.timesNotified(sale.builder, "the buyer got their money back")).toBe(1);
    expect(refundsOf(sale)).toHaveLength(1);

    const { embeds } = await people.proveOnStream(sale.builder, sale.orderId);
    expect(embeds).toContain("finished or cancelled");
    expect(books.has(sale)).toBe(0);
  });

  test("causes no warning before its time, while a bank decides, or once all is being refunded", async () => {
    const early = await books.sale("held");
    expect(await dueTask(early.orderId)).toBe(204);
    const disputed = await books.sale("held");
    cloud.stripe.openDispute(disputed.chargeId);
    await cloud.settle();
    const refunded = await books.sale("held");
    await cloud.firestore.doc(`orders/${refunded.orderId}`).update({ refund_requested: 3333 });
    for (const { orderId } of [disputed, refunded]) {
      await endIn(orderId, 60);
      expect(await dueTask(orderId)).toBe(204);
    }
    for (const sale of [early, disputed, refunded]) expect(warnings(sale)).toEqual([0, 0]);
  });

  test.each(["won", "warning_closed"] as const)(
    "whose time ended while a bank decided is kept for three more days, and both are warned (%s)",
    async (end) => {
      const sale = await books.sale("held");
      await passUntil(sale, 4 * DAY_MINUTES);
      const isInquiry = end === "warning_closed";
      const { id } = cloud.stripe.openDispute(sale.chargeId, { isInquiry });
      await cloud.settle();
      await passUntil(sale, -40 * DAY_MINUTES);
      cloud.stripe.closeDispute(id, end);
      await cloud.settle();
      await people.pass(30);
      expect(refundsOf(sale)).toEqual([]);
      expect(books.timesNotified(sale.builder, "The money is still held")).toBe(1);
      expect(warnings(sale)).toEqual([1, 1]);
      await passUntil(sale, DAY_MINUTES - 20);
      expect(warnings(sale)).toEqual([2, 2]);
      expect(refundsOf(sale)).toEqual([]);
      await passUntil(sale, -20);
      expect(refundsOf(sale)).toEqual([expect.objectContaining({ amount: 3333 })]);
    },
  );

  test("is announced before it goes back even if a bank has taken a part of it for good", async () => {
    const sale = await books.sale("held");
    await passUntil(sale, 4 * DAY_MINUTES);
    const { id } = cloud.stripe.openDispute(sale.chargeId, { amount: 1000 });
    await cloud.settle();
    await passUntil(sale, -40 * DAY_MINUTES);
    cloud.stripe.closeDispute(id, "lost");
    await cloud.settle();
    await people.pass(30);
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "held" });
    expect(warnings(sale)).toEqual([1, 1]);
    await passUntil(sale, DAY_MINUTES - 20);
    expect(warnings(sale)).toEqual([2, 2]);
    await passUntil(sale, -20);
    // Stripe makes no refund of a charge with a lost dispute: staff pay the buyer in another way.
    expect(await people.order(sale.orderId)).toMatchObject({
      hold: "ended",
      refund_requested: 3333,
      refunded: 1000,
    });
  });

  test("is announced once more after a dispute, although both had been warned before it", async () => {
    const sale = await books.sale("held");
    await passUntil(sale, DAY_MINUTES / 2);
    expect(warnings(sale)).toEqual([2, 2]);
    const { id } = cloud.stripe.openDispute(sale.chargeId);
    await cloud.settle();
    await passUntil(sale, -40 * DAY_MINUTES);
    cloud.stripe.closeDispute(id, "won");
    await cloud.settle();
    await people.pass(30);
    expect(warnings(sale)).toEqual([3, 3]);
    await passUntil(sale, DAY_MINUTES - 20);
    expect(warnings(sale)).toEqual([4, 4]);
  });

  test("is refunded except for what was already refunded, and the warnings say so", async () => {
    const sale = await books.sale("held");
    await people.command(sale.builder, "c500 refund", { order: sale.orderId, amount: "10.00" });
    await endIn(sale.orderId, DAY_MINUTES - 1);
    await dueTask(sale.orderId);
    expect(warnings(sale)).toEqual([1, 1]);
    expect(books.timesNotified(sale.buyer, "you get your $23.33 back")).toBe(1);
    await endIn(sale.orderId, -1);
    await dueTask(sale.orderId);
    expect(refundsOf(sale).map(({ amount }) => amount)).toEqual([1000, 2333]);
    expect(await people.order(sale.orderId)).toMatchObject({ fulfillment_status: "refunded" });
  });

  test("is refunded in full once Stripe has refused the builder's refund of a part", async () => {
    const sale = await books.sale("held");
    const calls = { target: "stripe", operation: /^POST \/v1\/refunds/ } as const;
    cloud.faults.add({ ...calls, fault: { kind: "drop" } });
    const part = { order: sale.orderId, amount: "10.00" };
    const typed = people.command(sale.builder, "c500 refund", part);
    await cloud.clock.advance(5000);
    await endIn(sale.orderId, -1);
    expect(await dueTask(sale.orderId)).toBe(500);
    cloud.faults.clear();
    cloud.faults.add({ ...calls, fault: { kind: "fail", code: 400 }, times: 1 });
    await people.pass(60);
    await typed;
    expect(refundsOf(sale).map(({ amount }) => amount)).toEqual([3333]);
    const back = { fulfillment_status: "refunded", hold: "returned", refunded: 3333 };
    expect(await people.order(sale.orderId)).toMatchObject(back);
  });

  test("is refunded except for what staff refunded meanwhile, even if we die after Stripe's refusal", async () => {
    const sale = await books.sale("held");
    await endIn(sale.orderId, -1);
    const late = { kind: "delay", ms: MINUTE_MS } as const;
    cloud.faults.add({ target: "stripe", operation: /^deliver refund/, fault: late });
    cloud.stripe.refundInDashboard(sale.chargeId, { amount: 1000 });
    const operation = /^GET .*payment_intents/;
    cloud.faults.add({ target: "stripe", operation, fault: { kind: "fail", code: 500 } });
    expect(await dueTask(sale.orderId)).toBe(500);
    cloud.faults.clear();
    await people.pass(2);
    expect(await people.order(sale.orderId)).toMatchObject({ refunded: 1000 });
    expect(await dueTask(sale.orderId)).toBe(204);
    expect(refundsOf(sale).map(({ amount }) => amount)).toEqual([1000, 2333]);
    expect(await people.order(sale.orderId)).toMatchObject({ fulfillment_status: "refunded" });
  });

  test("is announced and refunded by the sweeper if every task was lost", async () => {
    const sale = await books.sale("held");
    await endIn(sale.orderId, 3 * DAY_MINUTES + 60);
    await books.nextSweep();
    expect(warnings(sale)).toEqual([0, 0]);
    await endIn(sale.orderId, 3 * DAY_MINUTES - 6);
    await books.nextSweep();
    expect(warnings(sale)).toEqual([1, 1]);
    await endIn(sale.orderId, DAY_MINUTES - 6);
    await books.nextSweep();
    await books.nextSweep();
    expect(warnings(sale)).toEqual([2, 2]);
    await endIn(sale.orderId, -6);
    await books.nextSweep();
    await books.nextSweep();
    expect(refundsOf(sale)).toEqual([expect.objectContaining({ amount: 3333 })]);
    expect(books.timesNotified(sale.buyer, "you get your money back")).toBe(1);
  });

  test("no longer counts as held once all of it was refunded, proved or not", async () => {
    const sale = await books.sale("held");
    cloud.stripe.restrict(sale.account, "external_account");
    await cloud.settle();
    await people.proveOnStream(sale.builder, sale.orderId);
    await people.command(sale.builder, "c500 refund", { order: sale.orderId });
    expect(await people.order(sale.orderId)).toMatchObject({
      fulfillment_status: "refunded",
      hold: "returned",
    });
  });

  test("that is to be refunded when a bank disputes it is not promised to the builder once that is won", async () => {
    const sale = await books.sale("held");
    const fault = { kind: "fail", code: 503 } as const;
    cloud.faults.add({ target: "stripe", operation: /^POST \/v1\/refunds/, fault });
    await passUntil(sale, -20);
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "ended", refunded: 0 });
    const { id } = cloud.stripe.openDispute(sale.chargeId);
    await cloud.settle();
    cloud.faults.clear();
    cloud.stripe.closeDispute(id, "won");
    await cloud.settle();
    expect(books.timesNotified(sale.builder, "is yours")).toBe(0);
    expect(books.timesNotified(sale.builder, "still goes back to the buyer")).toBe(1);
    await people.pass(30);
    expect(refundsOf(sale)).toEqual([expect.objectContaining({ amount: 3333 })]);
  });
});

describe("a proof at the time of the refund", () => {
  test("either releases or refunds each order, never both and never neither", async () => {
    const { id: builder } = await people.builder({ isLive: true });
    const account = await people.accountOf(builder);
    const dropId = await people.drop(builder, { payment: "held", price: "33.33", quantity: "4" });
    const buyers = Array.from({ length: 4 }, () => people.person());
    const answers = await Promise.all(buyers.map((buyer) => people.buyNow(buyer, dropId)));
    for (const answer of answers) cloud.stripe.pay(people.sessionOf(answer));
    await cloud.settle();
    const ids = answers.map(({ interactionId }) => interactionId);

    // The proofs wait until the deadline has passed for all.
    const wait = { kind: "delay", ms: 2 * MINUTE_MS } as const;
    cloud.faults.add({ target: "pubsub", operation: /^deliver order-verification/, fault: wait });
    const orders = ids.join(",");
    await people.command(builder, "c500 live", { context: "orders", orders });
    for (const id of ids) await endIn(id, 1);
    await Promise.all([cloud.clock.advance(3 * MINUTE_MS), ...ids.map(dueTaskSoon)]);
    await people.pass(30);
    await books.nextSweep();

    let released = 0;
    for (const [index, id] of ids.entries()) {
      const { hold, refunded, proof_go_live_id: proof } = await people.order(id);
      const isReleased = hold === "released";
      expect({ hold, refunded, isProved: proof !== undefined }).toEqual({
        hold: isReleased ? "released" : "returned",
        refunded: isReleased ? 0 : 3333,
        isProved: isReleased,
      });
      const buyer = buyers[index] ?? "";
      expect(books.timesNotified(buyer, "on the workbench")).toBe(isReleased ? 1 : 0);
      expect(books.timesNotified(buyer, "you get your money back")).toBe(isReleased ? 0 : 1);
      released += isReleased ? 1 : 0;
    }
    expect(books.has({ account })).toBe(released * 3167);
  });

  /** Posts the task of an order's deadline in the tick after the clock has reached it. */
  async function dueTaskSoon(orderId: string): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    await dueTask(orderId);
  }

  test("comes too late once the refund is decided, even if it has not been made yet", async () => {
    const sale = await books.sale("held");
    await endIn(sale.orderId, -1);
    const commit = { target: "firestore", operation: /^Commit/ } as const;
    cloud.faults.add({ ...commit, fault: { kind: "delay", ms: 0 }, times: 1 });
    cloud.faults.add({ ...commit, fault: { kind: "fail", code: PERMISSION_DENIED } });
    expect(await dueTask(sale.orderId)).toBe(500);
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "ended", refunded: 0 });

    cloud.faults.clear();
    const { embeds } = await people.proveOnStream(sale.builder, sale.orderId);
    expect(embeds).toContain("finished or cancelled");
    expect(books.timesNotified(sale.buyer, "on the workbench")).toBe(0);
    expect(await dueTask(sale.orderId)).toBe(204);
    expect(await people.order(sale.orderId)).toMatchObject({
      fulfillment_status: "refunded",
      refunded: 3333,
    });
    expect(books.has(sale)).toBe(0);
  });
});
