import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { startTestCloud, type TestCloud } from "../../../support/cloud.ts";
import { sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const FEE_CENTS = 1_500;

describe.each(["platform", "builder"] as const)("Stripe's dispute fee, paid by the %s", (payer) => {
  let cloud: TestCloud;
  let people: ReturnType<typeof shoppers>;
  let books: ReturnType<typeof sales>;

  beforeAll(async () => {
    cloud = await startTestCloud({ environment: { DISPUTE_FEE_PAID_BY: payer } });
    cloud.stripe.takeTime({ disputeFee: FEE_CENTS });
    cloud.stripe.topUp(10 * FEE_CENTS);
    people = shoppers(cloud);
    books = sales(cloud, people);
  });
  afterAll(() => cloud.stop());
  // Discord limits posts to a channel per five seconds.
  beforeEach(() => cloud.clock.advance(5000));

  async function disputed(outcome: "won" | "lost", dispute: { amount?: number } = {}) {
    const sale = await books.sale("split");
    const { id } = cloud.stripe.openDispute(sale.chargeId, dispute);
    await cloud.settle();
    await cloud.clock.advance(5000);
    cloud.stripe.closeDispute(id, outcome);
    await cloud.settle();
    await books.repeat("charge.dispute.closed", id);
    const debts = await cloud.firestore.collection(`builders/${sale.builder}/debts`).get();
    const owed = debts.docs.map((debt) => Number(debt.get("amount")) - Number(debt.get("settled")));
    const debtIds = debts.docs.map((debt) => debt.id);
    return { sale, id, debtIds, owed: owed.reduce((sum, each) => sum + each, 0) };
  }

  test("is recorded with the order, and owed once by the builder only if the builder pays it", async () => {
    const { sale, id, owed } = await disputed("lost");
    const { disputes } = await people.order(sale.orderId);
    expect(disputes).toEqual([expect.objectContaining({ id, fee: FEE_CENTS, outcome: "lost" })]);
    expect(owed).toBe(payer === "builder" ? FEE_CENTS : 0);
    const next = await people.drop(sale.builder, { price: "50.00" });
    await people.purchase(next);
    expect(books.has(sale)).toBe(4750 - owed);
  });

  test("is taken at once from what a partial dispute has left the builder", async () => {
    const { sale, owed } = await disputed("lost", { amount: 1000 });
    expect(owed).toBe(0);
    // The platform keeps 117 of the 2333 cents that are left.
    expect(books.has(sale)).toBe(2216 - (payer === "builder" ? FEE_CENTS : 0));
  });

  test("is mentioned to the builder only if the builder pays it", async () => {
    const { sale } = await disputed("lost");
    const isTheirs = payer === "builder" ? 1 : 0;
    expect(
      books.timesNotified(sale.builder, "If we lose, you also pay Stripe's fee of $15.00"),
    ).toBe(isTheirs);
    expect(books.timesNotified(sale.builder, "So does Stripe's fee of $15.00")).toBe(isTheirs);
    expect(books.timesNotified(sale.builder, "Stripe's fee")).toBe(2 * isTheirs);
  });

  test("is no debt if Stripe charged none", async () => {
    cloud.stripe.takeTime({ disputeFee: 0 });
    const { sale, id, debtIds } = await disputed("lost");
    expect(debtIds).toEqual([`${sale.orderId}.${id}`]);
    cloud.stripe.takeTime({ disputeFee: FEE_CENTS });
  });

  test("is never passed on when the dispute is won", async () => {
    const { sale, owed } = await disputed("won");
    expect(owed).toBe(0);
    await people.pass(20);
    expect(books.has(sale)).toBe(3167);
  });
});
