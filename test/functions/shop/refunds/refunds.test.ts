import { beforeEach, describe, expect, test } from "@jest/globals";
import { community, useCloud } from "../../../support/cloud.ts";
import { type Sale, sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const MANAGE_SERVER = String(1n << 5n);
const REFUNDS = /^POST \/v1\/refunds/;

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
const debtsOf = async ({ builder }: Sale) => {
  const { docs } = await cloud.firestore.collection(`builders/${builder}/debts`).get();
  return docs.map((debt) => ({
    amount: Number(debt.get("amount")),
    settled: Number(debt.get("settled")),
  }));
};

describe("who may refund", () => {
  test("the order's builder and the server's managers; for anyone else the order does not exist", async () => {
    const sale = await books.sale("split");
    const { id: otherBuilder } = await people.builder();
    for (const user of [sale.buyer, otherBuilder]) {
      const { text } = await refund(sale, {}, user);
      expect(text).toContain("can't find that order");
    }
    expect(refundsOf(sale)).toEqual([]);
    const staff = people.person({ permissions: MANAGE_SERVER });
    expect((await refund(sale, { amount: "1.00" }, staff)).text).toContain("Done: $1.00");
    expect((await refund(sale, { amount: "2.00" })).text).toContain("Done: $2.00");
    expect(refundsOf(sale)).toEqual([100, 200]);
  });

  test("a manager of another server has no permission here", async () => {
    const sale = await books.sale("split");
    const elsewhere = { id: "510000000000000001", guildId: "510000000000000000" };
    cloud.discord.addChannel(elsewhere);
    const user = people.person({ permissions: MANAGE_SERVER });
    const use = { user, channelId: elsewhere.id, name: "c500 refund" };
    await cloud.discord.client.command(cloud.url("discord-interactions"), {
      ...use,
      options: { order: sale.orderId },
    });
    await cloud.settle();
    expect(refundsOf(sale)).toEqual([]);
  });

  test("an unpaid order has nothing to refund", async () => {
    const { id: builder } = await people.builder();
    const dropId = await people.drop(builder);
    const { interactionId } = await people.buyNow(people.person(), dropId);
    const { text } = await people.command(builder, "c500 refund", { order: interactionId });
    expect(text).toContain("never paid here");
  });
});

describe("how much", () => {
  test("amounts are read as people write them, and anything else changes nothing", async () => {
    const sale = await books.sale("split");
    for (const amount of ["abc", "-1", "0", "0.00", "1.234", "1e1", "10,50", "$"]) {
      expect((await refund(sale, { amount })).text).toContain("can't read that amount");
    }
    expect(refundsOf(sale)).toEqual([]);
    for (const amount of ["0.01", "$1", "1.5", "2.00 USD", " 3 "]) await refund(sale, { amount });
    expect(refundsOf(sale)).toEqual([1, 100, 150, 200, 300]);
  });

  test("a refund is never more than what is left, which the answer shows", async () => {
    const sale = await books.sale("split");
    expect((await refund(sale, { amount: "33.34" })).text).toContain("At most $33.33");
    await refund(sale, { amount: "30" });
    expect((await refund(sale, { amount: "3.34" })).text).toContain("At most $3.33");
    await refund(sale);
    expect((await refund(sale)).text).toContain("nothing left to give back");
    expect((await refund(sale, { amount: "0.01" })).text).toContain("nothing left");
    expect(refundsOf(sale)).toEqual([3000, 333]);
  });

  test("two concurrent full refunds are made once", async () => {
    const sale = await books.sale("split");
    const staff = people.person({ permissions: MANAGE_SERVER });
    const answers = await Promise.all([refund(sale), refund(sale, {}, staff)]);
    expect(refundsOf(sale)).toEqual([3333]);
    const texts = answers.map(({ text }) => text).join();
    expect(texts).toContain("Done: $33.33");
    expect(texts).toMatch(/nothing left to give back|Only the newer command counts/);
  });
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

describe("Stripe failures during a refund", () => {
  test.each([
    ["answers 500 once", { kind: "fail" as const, code: 500 }, 1],
    ["answers 500 many times", { kind: "fail" as const, code: 500 }, 5],
    ["answers 429", { kind: "fail" as const, code: 429, retryAfterMs: 0 }, 4],
    ["makes it and drops the connection, again and again", { kind: "lose-answer" as const }, 4],
    ["cannot be reached", { kind: "drop" as const }, 4],
  ])("that %s makes exactly one refund", async (_what, fault, times) => {
    const sale = await books.sale("split");
    cloud.faults.add({ target: "stripe", operation: REFUNDS, fault, times });
    const { interactionId } = await refund(sale, { amount: "10.01" });
    await cloud.eventually(async () => (await people.order(sale.orderId))["refunded"] === 1001);
    await people.pass(10);
    expect(refundsOf(sale)).toEqual([1001]);
    expect(books.has(sale)).toBe(shareOf(3333 - 1001));
    expect(people.readAnswer(interactionId).text).toContain("Done: $10.01");
    expect(books.timesNotified(sale.buyer, "on the way back to you")).toBe(1);
  });

  test("takes the builder's part back once, even if the connection is dropped afterwards", async () => {
    const sale = await books.sale("split");
    const operation = /reversals$/;
    cloud.faults.add({ target: "stripe", operation, fault: { kind: "lose-answer" }, times: 4 });
    await refund(sale, { amount: "10.01" });
    await people.pass(30);
    expect(books.has(sale)).toBe(shareOf(3333 - 1001));
    const part = 3167 - shareOf(3333 - 1001);
    expect(await debtsOf(sale)).toEqual([{ amount: part, settled: part }]);
  });

  test.each([0, 1, 2, 3])(
    "or an instance that crashes after a commit makes one refund (commit %i)",
    async (skipped) => {
      const sale = await books.sale("split");
      const commit = { target: "firestore", operation: /^Commit/ } as const;
      const nothing = { kind: "delay", ms: 0 } as const;
      if (skipped > 0) cloud.faults.add({ ...commit, fault: nothing, times: skipped });
      cloud.faults.add({ ...commit, fault: { kind: "lose-answer" }, times: 1 });
      await refund(sale, { amount: "10.01" });
      await people.pass(20);
      expect(refundsOf(sale)).toEqual([1001]);
      expect(await people.order(sale.orderId)).toMatchObject({
        refunded: 1001,
        refund_requested: 1001,
      });
      expect(books.has(sale)).toBe(shareOf(3333 - 1001));
    },
  );

  test("a command that Pub/Sub delivers many times makes one refund", async () => {
    const sale = await books.sale("split");
    const copies = { kind: "duplicate", copies: 4 } as const;
    cloud.faults.add({ target: "pubsub", operation: /^deliver shop/, fault: copies });
    await refund(sale, { amount: "10.01" });
    await people.pass(5);
    expect(refundsOf(sale)).toEqual([1001]);
    expect(books.timesNotified(sale.buyer, "on the way back to you")).toBe(1);
  });
});

test("no refund is mentioned in the community's channels", async () => {
  const sale = await books.sale("split");
  await refund(sale);
  const said = [community.generalChannelId, community.ordersChannelId].flatMap((channel) =>
    cloud.discord.messages(channel).map(({ content }) => content),
  );
  expect(said.filter((text) => text.includes(sale.orderId))).toEqual([]);
});
