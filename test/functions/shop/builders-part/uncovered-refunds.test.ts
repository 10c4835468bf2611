import { beforeEach, describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";
import { moneyBack } from "./money-back.ts";

const DAY_MINUTES = 24 * 60;
const DAY_MS = DAY_MINUTES * 60_000;

const cloud = await useCloud();
// Amounts that the platform advances in other tests must not count here.
cloud.stripe.topUp(100_000);
const people = shoppers(cloud);
const books = sales(cloud, people);
const { owedOf, refundsOf, transfersTo, byStaff, byBuilder } = moneyBack(cloud, people, books);
beforeEach(async () => {
  cloud.stripe.takeTime({});
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
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

  test("is not made by a slower delivery of the same command either", async () => {
    const sale = await books.sale("split");
    cloud.stripe.payOut(sale.account);
    const copies = { kind: "duplicate", copies: 2 } as const;
    cloud.faults.add({ target: "pubsub", operation: /^deliver shop/, fault: copies });
    const slow = { kind: "delay", ms: 5000 } as const;
    cloud.faults.add({ target: "stripe", operation: /^GET .v1.transfers/, fault: slow, times: 1 });
    expect((await byBuilder(sale)).text).toContain("nothing has changed");
    await people.pass(1);
    expect(refundsOf(sale)).toEqual([]);
    expect(await owedOf(sale)).toBe(0);
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

  test("takes what is available also if Stripe could not say at first how much that is", async () => {
    const sale = await books.sale("split");
    cloud.stripe.payOut(sale.account);
    cloud.stripe.transferInDashboard(sale.account, 100);
    const fault = { kind: "drop" } as const;
    cloud.faults.add({ target: "stripe", operation: /^GET \/v1\/balance$/, fault });
    await byStaff(sale);
    expect(await owedOf(sale)).toBe(3167);
    cloud.faults.clear();
    await people.pass(30);
    expect(books.has(sale)).toBe(0);
    expect(await owedOf(sale)).toBe(3067);
  });

  test("because their account is disconnected is made by staff, and the builder owes their part", async () => {
    const sale = await books.sale("split");
    cloud.stripe.deauthorize(sale.account);
    const before = (await books.deadLetters()).length;
    expect((await byStaff(sale)).text).toContain("Done: $33.33");
    await people.pass(2 * DAY_MINUTES);
    expect(await owedOf(sale)).toBe(3167);
    expect(await books.deadLetters()).toHaveLength(before);
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
