import { beforeEach, describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { type Sale, sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";
import { refundCommand, shareOf } from "./refund-command.ts";

const MANAGE_SERVER = String(1n << 5n);

const cloud = await useCloud();
const people = shoppers(cloud);
const books = sales(cloud, people);
const { refund, refundsOf, debtsOf } = refundCommand(cloud, people, books);
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

describe("the builder's part of a split sale", () => {
  test("is taken back with each partial refund, to the exact cent, and both sides are notified", async () => {
    const sale = await books.sale("split");
    expect(books.has(sale)).toBe(3167);
    let left = 3333;
    for (const cents of [1000, 1, 333, 7, 2]) {
      await refund(sale, {
        amount: `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`,
      });
      left -= cents;
      expect(books.has(sale)).toBe(shareOf(left));
    }
    expect(await people.order(sale.orderId)).toMatchObject({ fulfillment_status: "paid" });
    await refund(sale);
    expect(books.has(sale)).toBe(0);
    expect(await people.order(sale.orderId)).toMatchObject({
      fulfillment_status: "refunded",
      refunded: 3333,
      refund_requested: 3333,
    });
    expect(books.timesNotified(sale.buyer, "on the way back to you")).toBe(6);
    expect(books.timesNotified(sale.builder, "came from your account")).toBeGreaterThan(0);
    expect(await people.stock(sale.dropId)).toEqual({ free: 1, reserved: 0, sold: 1 });
  });

  test("the unit goes on sale again on request after a full refund, and never after a partial one", async () => {
    const sale = await books.sale("split");
    await refund(sale, { amount: "3.33", restock: true });
    expect(await people.stock(sale.dropId)).toEqual({ free: 1, reserved: 0, sold: 1 });
    await refund(sale, { restock: true });
    expect(await people.stock(sale.dropId)).toEqual({ free: 2, reserved: 0, sold: 0 });
    await people.pass(1);
    expect(people.shown(sale.dropId, "Units left")).toBe("2 of 2");
    const again = await people.purchase(sale.dropId, sale.buyer);
    expect(await people.order(again.orderId)).toMatchObject({ fulfillment_status: "paid" });
  });
});

describe("held money", () => {
  test("that is partly refunded before the proof is released for the rest", async () => {
    const sale = await books.sale("held");
    await refund(sale, { amount: "10.01" });
    expect(books.has(sale)).toBe(0);
    await people.proveOnStream(sale.builder, sale.orderId);
    expect(books.has(sale)).toBe(shareOf(3333 - 1001));
    expect(await debtsOf(sale)).toEqual([]);
  });

  test("that was released is taken back in proportion", async () => {
    const sale = await books.sale("held");
    await people.proveOnStream(sale.builder, sale.orderId);
    await refund(sale, { amount: "10.01" });
    expect(books.has(sale)).toBe(shareOf(3333 - 1001));
    await refund(sale);
    expect(books.has(sale)).toBe(0);
  });

  test.each([
    [undefined, "paid"],
    ["33.32", "building"],
  ] as const)(
    "of which a refund of %s is decided and not yet made can be shown on stream only if something stays paid",
    async (amount, status) => {
      const sale = await books.sale("held");
      const fault = { kind: "fail", code: 503 } as const;
      cloud.faults.add({ target: "stripe", operation: /^POST \/v1\/refunds/, fault });
      const part = amount === undefined ? {} : { amount };
      await people.command(sale.builder, "c500 refund", { order: sale.orderId, ...part });
      await people.proveOnStream(sale.builder, sale.orderId);
      expect(await people.order(sale.orderId)).toMatchObject({
        fulfillment_status: status,
        refunded: 0,
      });
      cloud.faults.clear();
      await books.nextSweep();
      const back = amount === undefined ? 3333 : 3332;
      expect(await people.order(sale.orderId)).toMatchObject({ refunded: back });
    },
  );

  test("that is fully refunded is never released", async () => {
    const sale = await books.sale("held");
    await refund(sale);
    const { embeds } = await people.proveOnStream(sale.builder, sale.orderId);
    expect(embeds).toContain("finished or cancelled");
    await people.pass(60);
    expect(books.has(sale)).toBe(0);
  });

  test("whose release is in progress is refunded after it, and no cent is lost", async () => {
    const sale = await books.sale("held");
    const operation = /^POST \/v1\/transfers/;
    cloud.faults.add({ target: "stripe", operation, fault: { kind: "drop" }, times: 3 });
    await people.proveOnStream(sale.builder, sale.orderId);
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "releasing" });
    await refund(sale, { amount: "10.01" });
    for (let tries = 0; tries < 10; tries += 1) await people.pass(1 / 12);
    expect((await people.order(sale.orderId))["refunded"]).toBe(1001);
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "released" });
    expect(books.has(sale)).toBe(shareOf(3333 - 1001));
    expect(refundsOf(sale)).toEqual([1001]);
  });
});

test("a refund in Stripe's dashboard during the release takes the builder's part back right after it, and says so", async () => {
  const sale = await books.sale("held");
  const operation = /^POST \/v1\/transfers/;
  cloud.faults.add({ target: "stripe", operation, fault: { kind: "drop" } });
  await people.proveOnStream(sale.builder, sale.orderId);
  expect(await people.order(sale.orderId)).toMatchObject({ hold: "releasing" });
  cloud.stripe.refundInDashboard(sale.chargeId, { amount: 1001 });
  await cloud.settle();
  cloud.faults.clear();
  // The repeat of the release does, without the sweeper.
  cloud.scheduler.pause();
  await cloud.clock.advance(10 * 60_000);
  await cloud.settle();
  cloud.scheduler.resume();
  expect(books.has(sale)).toBe(shareOf(3333 - 1001));
  expect(books.timesNotified(sale.builder, "I take back your part of the refund")).toBe(1);
});

describe("what the builder no longer has", () => {
  const byStaff = (sale: Sale) => refund(sale, {}, people.person({ permissions: MANAGE_SERVER }));

  test("is owed, shown in /c500 profile, and deducted from the next split sales until it is settled", async () => {
    const sale = await books.sale("split", { quantity: "4", limit: 4 });
    expect(cloud.stripe.payOut(sale.account)).toBe(3167);
    await byStaff(sale);
    expect(refundsOf(sale)).toEqual([3333]);
    expect(await debtsOf(sale)).toEqual([{ amount: 3167, settled: 0 }]);
    expect(books.timesNotified(sale.builder, "comes off your next payouts")).toBe(1);
    const profile = async () => (await people.command(sale.builder, "c500 profile")).embeds;
    expect(await profile()).toContain("Comes off your next payouts");
    expect(await profile()).toContain("$31.67");

    const small = await people.drop(sale.builder, { price: "10.00" });
    const first = await people.purchase(small);
    expect((await people.order(first.orderId))["transfer"]).toMatchObject({
      gross: 950,
      netted: 950,
    });
    expect(books.has(sale)).toBe(0);
    expect(await debtsOf(sale)).toEqual([{ amount: 3167, settled: 950 }]);
    expect(await profile()).toContain("$22.17");

    await cloud.clock.advance(5000);
    await people.purchase(sale.dropId);
    expect(books.has(sale)).toBe(950);
    expect(await debtsOf(sale)).toEqual([{ amount: 3167, settled: 3167 }]);
    expect(await profile()).not.toContain("Comes off your next payouts");
    await people.purchase(small);
    expect(books.has(sale)).toBe(950 + 950);
  });

  test("is deducted from the next release of held money, which says so", async () => {
    const sale = await books.sale("split");
    cloud.stripe.payOut(sale.account);
    await byStaff(sale);
    const dropId = await people.drop(sale.builder, { payment: "held", price: "50.00" });
    const { orderId } = await people.purchase(dropId);
    await people.proveOnStream(sale.builder, orderId);
    expect(books.has(sale)).toBe(4750 - 3167);
    expect(books.timesNotified(sale.builder, "Another $31.67 settles what you owed")).toBe(1);
    expect(await debtsOf(sale)).toEqual([{ amount: 3167, settled: 3167 }]);
  });

  test("lets a release finish without a transfer if debts take all of it", async () => {
    const sale = await books.sale("split");
    cloud.stripe.payOut(sale.account);
    await byStaff(sale);
    const dropId = await people.drop(sale.builder, { payment: "held", price: "20.00" });
    const { orderId } = await people.purchase(dropId);
    await people.proveOnStream(sale.builder, orderId);
    expect(await people.order(orderId)).toMatchObject({ hold: "released" });
    expect(books.has(sale)).toBe(0);
    expect(await debtsOf(sale)).toEqual([{ amount: 3167, settled: 1900 }]);

    await cloud.clock.advance(5000);
    const staff = people.person({ permissions: MANAGE_SERVER });
    await people.command(staff, "c500 refund", { order: orderId });
    expect(
      (await debtsOf(sale)).reduce((sum, { amount, settled }) => sum + amount - settled, 0),
    ).toBe(3167);
  });
});
