import { beforeEach, describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";
import { moneyBack } from "./money-back.ts";

const HOUR = 60;
const REVERSALS = { target: "stripe", operation: /reversals$/ } as const;

const cloud = await useCloud();
const people = shoppers(cloud);
const books = sales(cloud, people);
const { owedOf } = moneyBack(cloud, people, books);
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

/** How many reversals were decided for a builder's only debt. */
async function decided(builder: string): Promise<unknown[]> {
  const { docs } = await cloud.firestore.collection(`builders/${builder}/debts`).get();
  return docs.map((debt) => debt.get("reversals"));
}

describe("a reversal whose outcome nobody recorded for half a day", () => {
  test("is given up half an hour later if it was not made, and the next one takes the money", async () => {
    const sale = await books.sale("split");
    cloud.faults.add({ ...REVERSALS, fault: { kind: "drop" } });
    cloud.stripe.openDispute(sale.chargeId);
    await people.pass(12 * HOUR + 5);
    cloud.faults.clear();
    // A run that decided just before to make it may not have made it yet.
    await people.pass(15);
    expect(books.has(sale)).toBe(3167);
    expect(await owedOf(sale)).toBe(3167);
    expect(await decided(sale.builder)).toEqual([1]);
    await people.pass(30);
    expect(books.has(sale)).toBe(0);
    expect(await owedOf(sale)).toBe(0);
    expect(await decided(sale.builder)).toEqual([2]);
  });

  test("counts if it was made", async () => {
    const sale = await books.sale("split");
    cloud.faults.add({
      ...REVERSALS,
      operation: /^POST .*reversals$/,
      fault: { kind: "lose-answer" },
    });
    cloud.stripe.openDispute(sale.chargeId);
    await cloud.settle();
    cloud.faults.add({ ...REVERSALS, fault: { kind: "drop" } });
    await people.pass(13 * HOUR);
    expect(await owedOf(sale)).toBe(3167);
    cloud.faults.clear();
    await people.pass(10);
    expect(books.has(sale)).toBe(0);
    expect(await owedOf(sale)).toBe(0);
    expect(await decided(sale.builder)).toEqual([1]);
  });
});
