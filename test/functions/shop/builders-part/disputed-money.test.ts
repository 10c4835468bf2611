import { beforeEach, describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";
import { moneyBack } from "./money-back.ts";

const cloud = await useCloud();
// Amounts that the platform advances in other tests must not count here.
cloud.stripe.topUp(100_000);
const people = shoppers(cloud);
const books = sales(cloud, people);
const { owedOf, transfersTo, byBuilder } = moneyBack(cloud, people, books);
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
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

  test("takes what has become available on the same day, even if a run fails halfway", async () => {
    const sale = await books.sale("split");
    cloud.stripe.payOut(sale.account);
    cloud.stripe.openDispute(sale.chargeId);
    await cloud.settle();
    cloud.stripe.transferInDashboard(sale.account, 100);
    // Stripe refuses to reverse the whole transfer, and then does not say how much is available.
    cloud.faults.add({ target: "stripe", operation: /^GET .*balance$/, fault: { kind: "drop" } });
    await people.pass(24 * 60 + 15);
    expect(books.has(sale)).toBe(100);
    cloud.faults.clear();
    await people.pass(30);
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

  test("that was won leaves two transfers, and a builder's refund is covered by both", async () => {
    const sale = await books.sale("split");
    const { id } = cloud.stripe.openDispute(sale.chargeId, { amount: 100 });
    await cloud.settle();
    cloud.stripe.closeDispute(id, "won");
    await cloud.settle();
    // The newer one alone leaves more to pay than the platform advances.
    expect(transfersTo(sale).map(({ amount }) => amount)).toEqual([3167, 96]);
    expect((await byBuilder(sale)).text).toContain("Done: $33.33");
    expect(books.has(sale)).toBe(0);
    expect(await owedOf(sale)).toBe(0);
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
