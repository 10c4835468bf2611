import { describe, expect, test } from "@jest/globals";
import type { Order, Payment } from "../../../../functions/shop/domain/order.ts";
import {
  bookRefund,
  type MadeRefund,
  type Refund,
} from "../../../../functions/shop/domain/refund.ts";
import { disputeOf, orderOf, paymentOf } from "../../../support/shop/paid-order.ts";

const refundOf = (id: string, amount: number, fields: Partial<Refund> = {}): Refund => ({
  id,
  amount,
  shipping: 0,
  kind: "refund",
  state: "requested",
  attempt: 1,
  restock: false,
  isOwed: false,
  isLimited: false,
  ...fields,
});
const made = (id: string, amount: number, kind: Refund["kind"] = "refund"): MadeRefund => ({
  id,
  amount,
  kind,
});

/** Books `done` on an order with these decided but unmade refunds. */
function book(
  done: MadeRefund,
  open: readonly Refund[] = [],
  payment: Partial<Payment> = {},
  order: Partial<Order> = {},
) {
  const requested = open.reduce((sum, { amount }) => sum + amount, 0);
  const paid = paymentOf({
    refundRequested: requested,
    openRefunds: open.map(({ id }) => id),
    ...payment,
  });
  const before = open.find(({ id }) => id === done.id);
  const others = open.filter(({ id }) => id !== done.id);
  return bookRefund({ order: orderOf(paid, order), payment: paid, before, others }, done);
}

describe("of several decided refunds", () => {
  test("the one that is made is closed, and the others stay unchanged", () => {
    const open = [refundOf("a", 1000), refundOf("b", 500), refundOf("c", 200)];
    const { refund, cuts, changed, status } = book(made("b", 500), open);
    expect(refund).toEqual(refundOf("b", 500, { state: "made" }));
    expect(cuts).toEqual([]);
    expect(changed).toMatchObject({
      openRefunds: ["a", "c"],
      refunded: 500,
      refundRequested: 1700,
      hold: "held",
    });
    expect(status).toBe("paid");
  });

  test("a requested one fails if too little is left for it, an owed one shrinks", () => {
    const open = [refundOf("typed", 7000), refundOf("owed", 3000, { isOwed: true })];
    const { cuts, changed } = book(made("elsewhere", 8000), open);
    expect(cuts).toEqual([
      refundOf("typed", 7000, { state: "failed" }),
      refundOf("owed", 2000, { isOwed: true, attempt: 2 }),
    ]);
    expect(changed).toMatchObject({
      openRefunds: ["owed"],
      refunded: 8000,
      refundRequested: 10_000,
    });
  });

  test("none shrinks if there is enough left, to the cent", () => {
    const open = [refundOf("typed", 2000)];
    expect(book(made("elsewhere", 8000), open)).toMatchObject({
      cuts: [],
      changed: { openRefunds: ["typed"], refundRequested: 10_000 },
    });
    expect(book(made("elsewhere", 8001), open)).toMatchObject({
      cuts: [{ id: "typed", state: "failed" }],
      changed: { openRefunds: [], refundRequested: 8001 },
    });
  });

  test("only those fail for which too little is left", () => {
    const typed = ["a", "b", "c"].map((id) => refundOf(id, 3000));
    expect(book(made("elsewhere", 2000), typed).cuts.map(({ id }) => id)).toEqual(["a"]);
    expect(book(made("elsewhere", 5000), typed).cuts.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  test("the one that is made does not count against itself", () => {
    const open = [refundOf("a", 6000), refundOf("b", 4000)];
    expect(book(made("a", 6000), open)).toMatchObject({
      cuts: [],
      changed: { openRefunds: ["b"], refunded: 6000, refundRequested: 10_000 },
    });
  });

  test("an owed one with nothing left to refund is closed", () => {
    const open = [refundOf("owed", 3000, { isOwed: true })];
    const { cuts, changed } = book(made("elsewhere", 10_000), open);
    expect(cuts).toEqual([refundOf("owed", 0, { isOwed: true, state: "closed", attempt: 2 })]);
    expect(changed).toMatchObject({ openRefunds: [], refunded: 10_000, refundRequested: 10_000 });
  });
});

describe("the shipping in decided refunds", () => {
  /** Of $100.00 paid, $10.00 are for shipping. */
  const withShipping = (refundRequestedShipping: number) => ({
    shipping: 1000,
    refundRequestedShipping,
  });

  test("stays what was decided if the refund is made with the same amount", () => {
    const open = [refundOf("a", 600, { shipping: 600 })];
    expect(book(made("a", 600), open, withShipping(600)).refund.shipping).toBe(600);
    expect(book(made("a", 500), open, withShipping(600)).refund.shipping).toBe(0);
  });

  test("counts no more once its refund fails", () => {
    const open = [refundOf("typed", 9500, { shipping: 500 })];
    const { refund, changed } = book(made("elsewhere", 1000), open, withShipping(500));
    expect(refund.shipping).toBe(0);
    expect(changed).toMatchObject({ refundRequested: 1000, refundRequestedShipping: 0 });
  });

  test("shrinks with an owed refund, and the rest is that of the one that was made", () => {
    const open = [refundOf("owed", 10_000, { shipping: 1000, isOwed: true })];
    const { refund, cuts, changed } = book(made("elsewhere", 9500), open, withShipping(1000));
    expect(refund.shipping).toBe(500);
    expect(cuts).toMatchObject([{ amount: 500, shipping: 500 }]);
    expect(changed).toMatchObject({ refundRequested: 10_000, refundRequestedShipping: 1000 });
  });
});

describe("refunded money", () => {
  test("of a refund that was not decided here is booked with Stripe's amount", () => {
    const { refund, changed } = book(made("re_1", 1500));
    expect(refund).toEqual(refundOf("re_1", 1500, { state: "made" }));
    expect(changed).toMatchObject({ refunded: 1500, refundRequested: 1500 });
  });

  test("keeps its refund's decision, and Stripe's amount counts if it differs", () => {
    const decided = refundOf("a", 1000, {
      attempt: 3,
      restock: true,
      isOwed: true,
      isLimited: true,
    });
    const { refund, changed, restock } = book(made("a", 900), [decided]);
    expect(refund).toEqual({ ...decided, amount: 900, state: "made" });
    expect(changed).toMatchObject({ refunded: 900, refundRequested: 900, openRefunds: [] });
    expect(restock).toBe(true);
  });

  test("is never more than is left of the charge", () => {
    const before = { refunded: 7000, refundRequested: 7000 };
    const { refund, changed } = book(made("dp_1", 4000, "dispute"), [], before);
    expect(refund.amount).toBe(3000);
    expect(changed).toMatchObject({ refunded: 10_000, refundRequested: 10_000 });
  });

  test("outside of Stripe closes its refund", () => {
    const done = { ...made("a", 1000), paidOutside: { reason: "by bank" } };
    expect(book(done, [refundOf("a", 1000)]).refund.state).toBe("closed");
  });

  test("by a lost dispute marks only that dispute as booked", () => {
    const disputes = [disputeOf({ id: "dp_1", outcome: "lost" }), disputeOf({ id: "dp_2" })];
    const { changed } = book(made("dp_1", 4000, "dispute"), [], { disputes });
    expect(changed.disputes.map(({ isBooked }) => isBooked)).toEqual([true, false]);
  });
});

describe("a fully refunded order", () => {
  const all = made("a", 10_000);

  test.each([
    ["refunded", all, "paid", "refunded"],
    ["charged back", made("dp_1", 10_000, "dispute"), "paid", "charged_back"],
    ["what it was, where it is over already", all, "charged_back", "charged_back"],
    ["what it was, where that is an older word", all, "on hold", "on hold"],
  ])("is %s", (_what, done, fulfillmentStatus, status) => {
    expect(book(done, [], {}, { fulfillmentStatus }).status).toBe(status);
  });

  test("no longer holds anything; what was transferred counts as released", () => {
    const transfer = { ids: ["tr_1"], gross: 9500, netted: 0, takenBack: 0, sending: undefined };
    expect(book(all).changed.hold).toBe("returned");
    expect(book(all, [], { hold: "ended" }).changed.hold).toBe("returned");
    expect(book(all, [], { hold: "releasing" }).changed.hold).toBe("releasing");
    expect(book(all, [], { transfer }).changed.hold).toBe("released");
    expect(book(made("a", 9999)).changed.hold).toBe("held");
  });

  test("no longer belongs to its buyer, unless their bank took the money", () => {
    expect(book(all).isLeaving).toBe(true);
    expect(book(made("a", 9999)).isLeaving).toBe(false);
    expect(book(made("dp_1", 10_000, "dispute")).isLeaving).toBe(false);
    const restock = [refundOf("typed", 500, { restock: true })];
    expect(book(made("dp_1", 10_000, "dispute"), restock)).toMatchObject({
      isLeaving: true,
      restock: true,
    });
  });
});
