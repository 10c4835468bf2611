import { beforeEach, describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { type Sale, sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const MANAGE_SERVER = String(1n << 5n);
const DAY_MINUTES = 24 * 60;
const DAY_MS = DAY_MINUTES * 60_000;

const cloud = await useCloud();
// Amounts that the platform advances in other tests must not count here.
cloud.stripe.topUp(100_000);
const people = shoppers(cloud);
const books = sales(cloud, people);
beforeEach(async () => {
  cloud.stripe.takeTime({});
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

const owedOf = async ({ builder }: Sale) => {
  const { docs } = await cloud.firestore.collection(`builders/${builder}/debts`).get();
  return docs.reduce(
    (sum, debt) => sum + Number(debt.get("amount")) - Number(debt.get("settled")),
    0,
  );
};
const refundsOf = ({ chargeId }: Sale) =>
  books.happened("refund.created").filter(({ charge }) => charge === chargeId);
const transfersTo = ({ account }: Sale) =>
  books.happened("transfer.created").filter(({ destination }) => destination === account);
const byStaff = (sale: Sale, options: Record<string, string> = {}) => {
  const staff = people.person({ permissions: MANAGE_SERVER });
  return people.command(staff, "c500 refund", { order: sale.orderId, ...options });
};
const byBuilder = (sale: Sale, options: Record<string, string> = {}) =>
  people.command(sale.builder, "c500 refund", { order: sale.orderId, ...options });

describe("paying the builder", () => {
  test("waits until Stripe has booked the charge, and then happens automatically", async () => {
    cloud.stripe.takeTime({ bookedMs: () => 40 * 60_000 });
    const sale = await books.sale("split");
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "held" });
    expect(books.timesNotified(sale.builder, "You sold")).toBe(1);
    await people.pass(41);
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "released" });
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

describe("a refund whose part the builder cannot cover", () => {
  test("of more than the platform advances is refused to the builder, and left to staff", async () => {
    const sale = await books.sale("split");
    cloud.stripe.payOut(sale.account);
    const { text } = await byBuilder(sale);
    expect(text).toContain("doesn't have enough available");
    expect(refundsOf(sale)).toEqual([]);
    expect(await owedOf(sale)).toBe(0);
    expect(await people.order(sale.orderId)).toMatchObject({ refund_requested: 0 });
    expect(books.staffReads().join()).toContain("needs your decision");
    expect((await byStaff(sale)).text).toContain("Done: $33.33");
    expect(await owedOf(sale)).toBe(3167);
  });

  test("is advanced up to the limit, for all of their orders together", async () => {
    const sale = await books.sale("split");
    cloud.stripe.payOut(sale.account);
    expect((await byBuilder(sale, { amount: "20.00" })).text).toContain("Done: $20.00");
    const { text } = await byBuilder(sale, { amount: "12.00" });
    expect(text).toContain("doesn't have enough available");
    expect(refundsOf(sale).map(({ amount }) => amount)).toEqual([2000]);
  });

  test.each([
    ["31.57", "Done: $31.57"],
    ["31.58", "doesn't have enough available"],
  ])(
    'is advanced up to the limit to the cent: refunding $%s is answered with "%s"',
    async (amount, words) => {
      const sale = await books.sale("split");
      cloud.stripe.payOut(sale.account);
      expect((await byBuilder(sale, { amount })).text).toContain(words);
    },
  );

  test("does not prevent refunds that cost them nothing", async () => {
    const sale = await books.sale("split");
    cloud.stripe.payOut(sale.account);
    await byStaff(sale);
    expect(await owedOf(sale)).toBe(3167);
    const dropId = await people.drop(sale.builder, { payment: "held", price: "20.00" });
    const { orderId } = await people.purchase(dropId);
    await cloud.clock.advance(5000);
    expect((await byBuilder({ ...sale, orderId })).text).toContain("Done: $20.00");
    expect(await owedOf(sale)).toBe(3167);
  });

  test("for another reason than a lack of funds is not made, but stored for the operators", async () => {
    const sale = await books.sale("split");
    const fault = { kind: "fail", code: 400 } as const;
    cloud.faults.add({ target: "stripe", operation: /reversals$/, fault, times: 1 });
    const before = (await books.deadLetters()).length;
    await byBuilder(sale, { amount: "10.00" });
    expect(refundsOf(sale)).toEqual([]);
    expect(await books.deadLetters()).toHaveLength(before + 1);
    await books.nextSweep();
    expect(refundsOf(sale)).toHaveLength(1);
    expect(await owedOf(sale)).toBe(0);
  });

  test("is taken back when pending funds become available", async () => {
    cloud.stripe.takeTime({ fundsMs: () => 2 * DAY_MS });
    const sale = await books.sale("split");
    await byStaff(sale);
    expect(await owedOf(sale)).toBe(3167);
    await people.pass(DAY_MINUTES);
    expect(await owedOf(sale)).toBe(3167);
    await people.pass(2 * DAY_MINUTES);
    expect(await owedOf(sale)).toBe(0);
    expect(books.has(sale)).toBe(0);
  });

  test("is taken back at once after a reversal of which nobody knew how it ended", async () => {
    const sale = await books.sale("split");
    cloud.stripe.payOut(sale.account);
    await byStaff(sale);
    expect(await owedOf(sale)).toBe(3167);
    cloud.stripe.transferInDashboard(sale.account, 100);
    // The whole is refused for lack of funds; what is there is taken, and the answer to that is lost.
    // Other tests' debts are retried at the same time.
    const { id } = transfersTo(sale)[0] ?? {};
    const [post, get] = ["POST", "GET"].map((method) => RegExp(`^${method} .*${id}/reversals`));
    if (!post || !get) throw new Error("There is no transfer.");
    const passes = { kind: "delay", ms: 1 } as const;
    const fails = { kind: "fail", code: 500 } as const;
    for (const rule of [
      { operation: post, fault: passes, times: 1 },
      { operation: post, fault: { kind: "lose-answer" } as const },
      { operation: get, fault: passes, times: 2 },
      { operation: get, fault: fails },
    ]) {
      cloud.faults.add({ target: "stripe", ...rule });
    }
    await people.pass(DAY_MINUTES + 30);
    expect(await owedOf(sale)).toBe(3167);
    expect(books.has(sale)).toBe(0);
    cloud.stripe.transferInDashboard(sale.account, 5_000);
    cloud.faults.clear();
    await people.pass(20);
    expect(await owedOf(sale)).toBe(0);
    expect(books.has(sale)).toBe(5_000 - 3_067);
  });

  test.each([100, 1])(
    "takes what is available (%i), and the rest from the next sale",
    async (has) => {
      const sale = await books.sale("split");
      cloud.stripe.payOut(sale.account);
      cloud.stripe.transferInDashboard(sale.account, has);
      await byStaff(sale);
      expect(await owedOf(sale)).toBe(3167 - has);
      expect(books.has(sale)).toBe(0);
      await people.purchase(sale.dropId);
      expect(await owedOf(sale)).toBe(0);
      expect(books.has(sale)).toBe(has);
    },
  );
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

describe("a dispute", () => {
  test("takes the builder's part back while it is open, and returns it when it is won", async () => {
    const sale = await books.sale("split");
    const { id } = cloud.stripe.openDispute(sale.chargeId);
    await cloud.settle();
    expect(books.has(sale)).toBe(0);
    expect(books.timesNotified(sale.builder, "your part is taken back too")).toBe(1);
    cloud.stripe.closeDispute(id, "won");
    await cloud.settle();
    expect(books.has(sale)).toBe(3167);
    expect(transfersTo(sale).map(({ amount }) => amount)).toEqual([3167, 3167]);
    expect(books.timesNotified(sale.builder, "decided in your favor")).toBe(1);
    // The first transfer was already announced by the notice of the sale.
    expect(books.timesNotified(sale.builder, "is paid: ")).toBe(0);
    expect(books.timesNotified(sale.builder, "The money taken back for")).toBe(1);
    expect(await owedOf(sale)).toBe(0);
  });

  test("returns the builder's part when it is won, and never takes it back a second time, even if we never heard that it was taken", async () => {
    const sale = await books.sale("split");
    const calls = { target: "stripe", operation: /^POST .*reversals$/ } as const;
    cloud.faults.add({ ...calls, fault: { kind: "lose-answer" } });
    const { id } = cloud.stripe.openDispute(sale.chargeId);
    await cloud.settle();
    expect(books.has(sale)).toBe(0);
    cloud.faults.add({ ...calls, operation: /reversals$/, fault: { kind: "drop" } });
    cloud.stripe.closeDispute(id, "won");
    await people.pass(1);
    cloud.faults.clear();
    await people.pass(2 * 24 * 60);
    expect(books.has(sale)).toBe(3167);
    expect(await owedOf(sale)).toBe(0);
  });

  test("takes what is available of the builder's part, and the builder owes the rest", async () => {
    const sale = await books.sale("split");
    cloud.stripe.payOut(sale.account);
    cloud.stripe.transferInDashboard(sale.account, 100);
    cloud.stripe.openDispute(sale.chargeId);
    await cloud.settle();
    expect(books.has(sale)).toBe(0);
    expect(await owedOf(sale)).toBe(3167 - 100);
  });

  test("that is won forgives what could not be taken back", async () => {
    const sale = await books.sale("split");
    cloud.stripe.payOut(sale.account);
    const { id } = cloud.stripe.openDispute(sale.chargeId);
    await cloud.settle();
    expect(await owedOf(sale)).toBe(3167);
    cloud.stripe.closeDispute(id, "won");
    await cloud.settle();
    expect(await owedOf(sale)).toBe(0);
    expect(transfersTo(sale)).toHaveLength(1);
  });

  test("stays open as long as one of two disputes is open", async () => {
    const sale = await books.sale("held");
    const first = cloud.stripe.openDispute(sale.chargeId, { amount: 1000 });
    const second = cloud.stripe.openDispute(sale.chargeId, { amount: 500 });
    await people.proveOnStream(sale.builder, sale.orderId);
    cloud.stripe.closeDispute(first.id, "won");
    await cloud.settle();
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "held" });
    cloud.stripe.closeDispute(second.id, "lost");
    await people.pass(30);
    expect(books.has(sale)).toBe(Math.floor((3167 * 2833) / 3333));
  });

  test("after one that was won takes all that is available of both transfers, at once", async () => {
    const sale = await books.sale("split");
    const { id } = cloud.stripe.openDispute(sale.chargeId, { amount: 1000 });
    await cloud.settle();
    cloud.stripe.closeDispute(id, "won");
    await cloud.settle();
    const part = Math.floor((3167 * 2333) / 3333);
    expect(transfersTo(sale).map(({ amount }) => amount)).toEqual([3167, 3167 - part]);
    cloud.stripe.payOut(sale.account);
    // More than the newer transfer, and less than both.
    cloud.stripe.transferInDashboard(sale.account, 1500);
    cloud.stripe.openDispute(sale.chargeId);
    await cloud.settle();
    expect(books.has(sale)).toBe(0);
    expect(await owedOf(sale)).toBe(3167 - Math.floor((3167 * 1000) / 3333) - 1500);
  });

  test("that is an inquiry takes nothing, and a refund settles it", async () => {
    const sale = await books.sale("split");
    cloud.stripe.openDispute(sale.chargeId, { isInquiry: true });
    await cloud.settle();
    expect(books.has(sale)).toBe(3167);
    expect(books.timesNotified(sale.builder, "The buyer's bank is asking about")).toBe(1);
    expect((await byBuilder(sale)).text).toContain("Done: $33.33");
    expect(books.has(sale)).toBe(0);
  });
});

test("a buyer who got all of their money back may buy again", async () => {
  const sale = await books.sale("split", { limit: 1 });
  await byBuilder(sale);
  const { orderId } = await people.purchase(sale.dropId, sale.buyer);
  expect(await people.order(orderId)).toMatchObject({ fulfillment_status: "paid" });
});
