import { describe, expect, test } from "@jest/globals";
import { MANAGE_SERVER, useMoneyDesk } from "./money-desk.ts";

const TRANSFERS = /^POST \/v1\/transfers$/;

const { cloud, people, books, ops, stuck, stripeFails, unansweredRefund } = await useMoneyDesk();

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
    stripeFails(TRANSFERS, 400);
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
