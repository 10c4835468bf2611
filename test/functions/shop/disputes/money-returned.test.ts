import { describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { type Sale, sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const books = sales(cloud, people);

const MANAGE_SERVER = "32";
const TRANSFERS = { target: "stripe", operation: /^POST \/v1\/transfers$/ } as const;
/** The builder's exact share of what is left of $33.33, in cents. */
const shareOf = (left: number) => Math.floor((3167 * left) / 3333);

/** A sale for which a bank has taken $10, and returned it. */
async function disputedSale(): Promise<Sale> {
  const sale = await books.sale("split");
  await winDispute(sale);
  return sale;
}

/** A bank takes $10, and returns it. */
async function winDispute({ chargeId }: Sale): Promise<void> {
  const { id } = cloud.stripe.openDispute(chargeId, { amount: 1000 });
  await cloud.settle();
  cloud.stripe.closeDispute(id, "won");
  await cloud.settle();
}

async function debtsOf({ builder }: Sale): Promise<number> {
  const { docs } = await cloud.firestore.collection(`builders/${builder}/debts`).get();
  const owed = docs.map((debt) => Number(debt.get("amount")) - Number(debt.get("settled")));
  return owed.reduce((sum, each) => sum + each, 0);
}

describe("money that returns after a dispute was won", () => {
  test("is reported to the builder with its own amount", async () => {
    const sale = await disputedSale();
    const returned = `$${(3167 - shareOf(2333)) / 100} is on the way to your account`;
    expect(books.has(sale)).toBe(3167);
    expect(books.timesNotified(sale.builder, returned)).toBe(1);
    expect(books.timesNotified(sale.builder, "The money taken back for **Brass weight**")).toBe(1);
  });

  test("is reported to the builder each time, once", async () => {
    const sale = await disputedSale();
    await winDispute(sale);
    expect(books.has(sale)).toBe(3167);
    expect(books.timesNotified(sale.builder, "The money taken back for **Brass weight**")).toBe(2);
  });

  test("is taken back with the rest at once by a refund", async () => {
    const sale = await disputedSale();
    const { text } = await people.command(sale.builder, "c500 refund", { order: sale.orderId });
    expect(text).toContain("Done: $33.33");
    expect(books.has(sale)).toBe(0);
    expect(await debtsOf(sale)).toBe(0);
  });

  test.each([2500, 3333])(
    "and is refused by Stripe leaves the builder their share of what was refunded meanwhile (%i cents)",
    async (amount) => {
      const sale = await books.sale("split");
      const { id } = cloud.stripe.openDispute(sale.chargeId, { amount: 1000 });
      await cloud.settle();
      cloud.faults.add({ ...TRANSFERS, fault: { kind: "fail", code: 500 } });
      cloud.stripe.closeDispute(id, "won");
      await cloud.settle();
      cloud.stripe.refundInDashboard(sale.chargeId, { amount });
      await cloud.settle();
      cloud.faults.clear();
      cloud.faults.add({ ...TRANSFERS, fault: { kind: "fail", code: 400 }, times: 1 });
      await people.pass(60);
      expect(books.has(sale)).toBe(shareOf(3333 - amount));
      expect(await debtsOf(sale)).toBe(0);
    },
  );

  test("and is refunded before it arrived no longer holds anything", async () => {
    const sale = await books.sale("split");
    const { id } = cloud.stripe.openDispute(sale.chargeId);
    await cloud.settle();
    cloud.faults.add({ ...TRANSFERS, fault: { kind: "fail", code: 400 } });
    cloud.stripe.closeDispute(id, "won");
    await cloud.settle();
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "held" });
    const staff = people.person({ permissions: MANAGE_SERVER });
    await people.command(staff, "c500 refund", { order: sale.orderId });
    expect(await people.order(sale.orderId)).toMatchObject({
      fulfillment_status: "refunded",
      hold: "released",
    });
    const { text } = await people.command(sale.buyer, "c500 forget me");
    expect(text).not.toContain("Held money");
  });
});

describe("a builder's profile", () => {
  test("counts what settled a debt as released, because it was already in their account", async () => {
    const sale = await books.sale("split");
    cloud.stripe.payOut(sale.account);
    await people.command(sale.builder, "c500 refund", { order: sale.orderId, amount: "10" });
    await people.purchase(await people.drop(sale.builder, { price: "50.00" }));
    expect(await debtsOf(sale)).toBe(0);
    const { embeds } = await people.command(sale.builder, "c500 profile");
    const released = shareOf(2333) + 4750;
    expect(embeds).toContain(`"name":"Released","value":"$${released / 100}"`);
  });
});
