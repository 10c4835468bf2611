import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { operator } from "../../support/cli/ops.ts";
import { hastenStripe } from "../../support/clients/hasten-stripe.ts";
import { useCloud } from "../../support/cloud.ts";
import { type Sale, sales } from "../../support/races/sales.ts";
import { shoppers } from "../../support/shop/shop.ts";

const MANAGE_SERVER = String(1n << 5n);
const REFUNDS = /^POST \/v1\/refunds/;
const TRANSFERS = /^POST \/v1\/transfers$/;

const cloud = await useCloud({ rateLimits: false });
cloud.stripe.topUp(100_000);
const people = shoppers(cloud);
const books = sales(cloud, people);
const context = operator(cloud);
afterAll(hastenStripe());
beforeEach(async () => {
  context.answer = undefined;
  await cloud.clock.advance(5000);
});

const ops = (...words: readonly string[]) => context.ops("orders", ...words);
const stuck = async (orderId: string) =>
  JSON.parse((await ops("--json")).out).filter(
    (each: { orderId: string }) => each.orderId === orderId,
  );
const refundsOf = ({ chargeId }: Sale) =>
  books.happened("refund.created").filter(({ charge }) => charge === chargeId);
const stripeDoes = (operation: RegExp, code: number) =>
  cloud.faults.add({ target: "stripe", operation, fault: { kind: "fail", code } });
async function later(): Promise<void> {
  await cloud.clock.advance(31 * 60_000);
  await cloud.settle();
}

/** A refund that staff requested, and that Stripe does not answer. */
async function unansweredRefund(options: Record<string, string> = {}): Promise<Sale> {
  const sale = await books.sale("split");
  stripeDoes(REFUNDS, 503);
  const staff = people.person({ permissions: MANAGE_SERVER });
  await people.command(staff, "c500 refund", { order: sale.orderId, ...options });
  return sale;
}
const refundId = async (sale: Sale): Promise<string> => (await stuck(sale.orderId))[0]?.id ?? "";

test("an order is shown with its money, its refund and its people", async () => {
  const sale = await unansweredRefund({ amount: "3.33" });
  const { code, out } = await ops("show", sale.orderId);
  expect(code).toBe(0);
  expect(out).toContain(`builder ${sale.builder}`);
  expect(out).toMatch(/Money .* in all: items .*, shipping .*, tax /);
  expect(out).toMatch(/Refund .* of \$3\.33: requested since /);
  cloud.faults.clear();
});

test("what happened to an order is printed as evidence, without the ids of its people", async () => {
  const sale = await books.sale("split");
  const { code, out } = await ops("evidence", sale.orderId);
  expect(code).toBe(0);
  expect(out).toContain("The buyer paid.");
  expect(out).not.toContain(sale.builder);
  expect((await ops("evidence", "nothing")).code).not.toBe(0);
});

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
    stripeDoes(REFUNDS, 503);
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

describe("money that its builder has not received", () => {
  test("because they have no account is listed with what to do", async () => {
    const { id: builder } = await people.builder({ isLive: true });
    const dropId = await people.drop(builder, { payment: "held", price: "33.33" });
    const { orderId } = await people.purchase(dropId);
    cloud.stripe.restrict(await people.accountOf(builder));
    await cloud.settle();
    await people.proveOnStream(builder, orderId);
    const [found] = await stuck(orderId);
    expect(found).toMatchObject({ kind: "release", amount: 3167, needsYou: false });
    expect(found.why).toBe("the builder's account is restricted at Stripe");
    expect(found.toDo).toContain("/c500 payouts");
    cloud.stripe.completeOnboarding(await people.accountOf(builder));
    await cloud.settle();
    await ops("retry", orderId);
    expect(await people.order(orderId)).toMatchObject({ hold: "released" });
  });

  test("because staff suspended them is listed with that reason", async () => {
    const { id: builder } = await people.builder({ isLive: true });
    const dropId = await people.drop(builder, { payment: "held", price: "33.33" });
    const { orderId } = await people.purchase(dropId);
    await cloud.firestore.doc(`builders/${builder}`).update({ standing: "suspended" });
    await cloud.firestore.doc(`orders/${orderId}`).update({
      fulfillment_status: "building",
      proof_go_live_id: "1",
      proof_stream_id: "2",
      proof_verified_at: new Date(cloud.clock.nowMs()),
    });
    expect(await stuck(orderId)).toMatchObject([
      { why: "the builder is suspended", needsYou: true },
    ]);
  });

  test("because Stripe refused it is listed with the number of refusals, and a retry prints the reason", async () => {
    stripeDoes(TRANSFERS, 400);
    const sale = await books.sale("split");
    const [found] = await stuck(sale.orderId);
    expect(found).toMatchObject({ kind: "release", needsYou: true });
    expect(found.why).toMatch(/^Stripe refused the transfer/);
    const refused = await ops("retry", sale.orderId);
    expect([refused.code, refused.out]).toEqual([
      1,
      expect.stringContaining("Stripe refused a transfer: "),
    ]);
    cloud.faults.clear();
    expect((await ops("retry", sale.orderId)).out).toMatch(/done {6}release {2}\$31\.67/);
    expect(books.has(sale)).toBe(3167);
  });
});

test("a builder's debt is listed until it is deducted from their next transfer", async () => {
  const sale = await books.sale("split");
  cloud.stripe.payOut(sale.account);
  const staff = people.person({ permissions: MANAGE_SERVER });
  await people.command(staff, "c500 refund", { order: sale.orderId });
  expect(await stuck(sale.orderId)).toMatchObject([
    { kind: "debt", amount: 3167, builderId: sale.builder, needsYou: false },
  ]);
  expect((await ops()).out).toMatch(/debt +\$31\.67 .*owed by the builder; last tried /);
  expect((await ops("retry", sale.orderId)).out).toContain("STUCK     debt  $31.67");
  await people.purchase(await people.drop(sale.builder, { price: "100.00" }));
  expect(await stuck(sale.orderId)).toEqual([]);
});

test("a payment that waits for the buyer's bank is listed, and needs no operator for two weeks", async () => {
  const { id: builder } = await people.builder();
  const answer = await people.buyNow(people.person(), await people.drop(builder));
  cloud.stripe.pay(people.sessionOf(answer), "bank-debit");
  await cloud.settle();
  const waiting = { kind: "payment", why: "the buyer's bank has not answered" };
  expect(await stuck(answer.interactionId)).toMatchObject([{ ...waiting, needsYou: false }]);
  const place = cloud.firestore.doc(`orders/${answer.interactionId}`);
  const longAgo = new Date(cloud.clock.nowMs() - 15 * 24 * 3_600_000);
  await place.update({ updated_at: longAgo });
  expect(await stuck(answer.interactionId)).toMatchObject([{ ...waiting, needsYou: true }]);
  cloud.stripe.settleBankDebit(people.sessionOf(answer), "succeeded");
  await cloud.settle();
  expect(await stuck(answer.interactionId)).toEqual([]);
});

test("an order that cannot be read does not hide the others", async () => {
  const sale = await books.sale("split");
  const place = cloud.firestore.doc(`orders/${sale.orderId}`);
  await place.update({ is_settling: true, amount: "much" });
  expect(await stuck(sale.orderId)).toMatchObject([{ kind: "unreadable", needsYou: true }]);
  await place.update({ is_settling: false, amount: 3333 });
});

describe("a wrong argument", () => {
  test.each([
    [["retry"], 2, "Give exactly one id."],
    [["retry", "nowhere"], 1, 'There is no order "nowhere"'],
    [["retry", "a/b"], 1, 'There is no order "a/b"'],
    [["close", "1"], 2, "Give an order and its refund"],
    [["close", "1", "2"], 2, "Give a reason with --reason"],
    [["close", "1", "2", "--reason", "x"], 1, 'There is no order "1"'],
    [["everything"], 2, 'This command takes no argument "everything"'],
  ] as const)("in %j is refused with what to do", async (words, code, expected) => {
    const answer = await ops(...words);
    expect([answer.code, answer.out]).toEqual([code, ""]);
    expect(answer.err).toContain(expected);
  });

  test("the help shows all three commands", async () => {
    const { code, out } = await ops("--help");
    expect(code).toBe(0);
    for (const name of ["orders [--json]", "orders retry ORDER", "orders close ORDER REFUND"]) {
      expect(out).toContain(`./dev ops ${name}`);
    }
  });
});
