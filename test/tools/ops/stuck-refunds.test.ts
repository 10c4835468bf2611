import { describe, expect, test } from "@jest/globals";
import type { Sale } from "../../support/races/sales.ts";
import { useMoneyDesk } from "./money-desk.ts";

const { cloud, people, books, context, ops, stuck, stripeFails, unansweredRefund } =
  await useMoneyDesk();

const refundsOf = ({ chargeId }: Sale) =>
  books.happened("refund.created").filter(({ charge }) => charge === chargeId);
async function later(): Promise<void> {
  await cloud.clock.advance(31 * 60_000);
  await cloud.settle();
}

const refundId = async (sale: Sale): Promise<string> => (await stuck(sale.orderId))[0]?.id ?? "";

describe("a refund that was decided but not made", () => {
  test("is listed with its amount, and a retry makes it at once", async () => {
    const sale = await unansweredRefund({ amount: "3.33" });
    await later();
    const [found] = await stuck(sale.orderId);
    expect(found).toMatchObject({
      kind: "refund",
      amount: 333,
      builderId: sale.builder,
      needsYou: true,
      why: "asked for; Stripe has not answered",
    });
    const list = await ops();
    expect(list.code).toBe(1);
    expect(list.out).toContain(`NEEDS YOU  ./dev ops orders retry ${sale.orderId}`);
    const failed = await ops("retry", sale.orderId);
    expect([failed.code, failed.out]).toEqual([1, expect.stringContaining("STUCK     refund")]);
    expect(failed.out).toContain("could not be retried");
    cloud.faults.clear();
    const done = await ops("retry", sale.orderId);
    expect([done.code, done.out]).toEqual([0, expect.stringMatching(/done {6}refund .* \$3\.33/)]);
    await cloud.settle();
    expect(refundsOf(sale)).toMatchObject([{ amount: 333 }]);
    expect((await ops("retry", sale.orderId)).out).toContain("has no stuck money.");
    expect(refundsOf(sale)).toHaveLength(1);
  });

  test("is not closed while Stripe can still make it", async () => {
    const sale = await unansweredRefund({ amount: "3.33" });
    const id = await refundId(sale);
    const { code, err } = await ops("close", sale.orderId, id, "--reason", "Test.", "--yes");
    expect([code, err]).toEqual([1, expect.stringContaining("Stripe can still refund $33.33")]);
    expect(err).toContain("--paid-outside");
    expect(await stuck(sale.orderId)).toHaveLength(1);
  });

  test("is closed as paid outside, once: nothing is refunded for it later", async () => {
    const sale = await unansweredRefund();
    const id = await refundId(sale);
    const close = ["close", sale.orderId, id, "--reason", "Paid by wire.", "--paid-outside"];
    expect(await ops(...close)).toMatchObject({ code: 2, err: expect.stringContaining("--yes") });
    context.answer = false;
    expect(await ops(...close)).toMatchObject({ code: 1, out: "Nothing was changed.\n" });
    cloud.faults.clear();
    context.answer = true;
    const closed = await ops(...close);
    expect([closed.code, closed.out]).toEqual([
      0,
      expect.stringContaining("$33.33 counts as refunded"),
    ]);
    expect(await people.order(sale.orderId)).toMatchObject({
      fulfillment_status: "refunded",
      refunded: 3333,
      has_open_refunds: false,
    });
    const refund = await cloud.firestore.doc(`orders/${sale.orderId}/refunds/${id}`).get();
    expect(refund.data()).toMatchObject({ state: "closed", closed_reason: "Paid by wire." });
    expect(await ops(...close)).toMatchObject({
      code: 1,
      err: expect.stringContaining("has no refund that was decided but not made"),
    });
    await people.pass(35);
    expect(refundsOf(sale)).toEqual([]);
    expect(books.has(sale)).toBe(0);
  });

  test("of a payment whose unit was gone is closed, which settles the order", async () => {
    const { id: builder } = await people.builder();
    const dropId = await people.drop(builder, { price: "33.33", quantity: "1" });
    const late = await people.buyNow(people.person(), dropId);
    const place = cloud.firestore.doc(`orders/${late.interactionId}`);
    cloud.stripe.pay(people.sessionOf(late), "bank-debit");
    cloud.stripe.takeTime({});
    await cloud.settle();
    await place.update({ fulfillment_status: "cancelled" });
    await cloud.firestore
      .doc(`inventory/${dropId}/units/1`)
      .update({ state: "sold", order_id: "1" });
    stripeFails(/^POST \/v1\/refunds/, 503);
    cloud.stripe.settleBankDebit(people.sessionOf(late), "succeeded");
    await cloud.settle();
    expect(await stuck(late.interactionId)).toMatchObject([
      { kind: "payment" },
      { kind: "refund", id: "unit-gone", why: "owed; Stripe has not answered" },
    ]);
    const words = [late.interactionId, "unit-gone", "--reason", "Paid by wire."];
    expect((await ops("close", ...words, "--paid-outside", "--yes")).code).toBe(0);
    cloud.faults.clear();
    expect((await ops("retry", late.interactionId)).out).toContain("done      payment");
    await people.pass(35);
    const intent = (await place.get()).get("payment_intent_id");
    expect(
      books.happened("refund.created").filter((refund) => refund["payment_intent"] === intent),
    ).toEqual([]);
    expect(await place.get().then((it) => it.data())).toMatchObject({
      is_settling: false,
      refunded: 3333,
    });
    expect(await stuck(late.interactionId)).toEqual([]);
  });

  test("is closed without a payment when Stripe has nothing left to refund", async () => {
    const sale = await unansweredRefund();
    const id = await refundId(sale);
    const operation = /^deliver (refund|charge)\./;
    cloud.faults.clear();
    cloud.faults.add({ target: "stripe", operation, fault: { kind: "drop" } });
    cloud.stripe.refundInDashboard(sale.chargeId);
    const words = [sale.orderId, id, "--reason", "Refunded in the dashboard.", "--yes"];
    const { code, out } = await ops("close", ...words);
    expect([code, out]).toEqual([0, expect.stringContaining("./dev ops reconcile")]);
    await context.ops("reconcile");
    expect(await people.order(sale.orderId)).toMatchObject({ refunded: 3333 });
    expect(refundsOf(sale)).toHaveLength(1);
  });
});
