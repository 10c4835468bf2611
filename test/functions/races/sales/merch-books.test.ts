import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import {
  merchDispute,
  merchRefund,
  merchSale,
  merchSaleId,
  purposeOfPayment,
} from "../../../../functions/payments/service/merch.ts";
import {
  createSaleDisputes,
  type DisputeTurn,
} from "../../../../functions/races/store/sales/sale-disputes.ts";
import { createSales } from "../../../../functions/races/store/sales/sales.ts";
import { createOrders } from "../../../../functions/shop/store/orders.ts";
import type { CheckoutSession } from "../../../../shared/clients/stripe/objects.ts";
import type { Firestore } from "../../../../shared/ports/database.ts";
import { TerminalError } from "../../../../shared/runtime/errors.ts";
import { earnings } from "../../../support/races/earnings.ts";
import { startEmptyDatabase } from "../../../support/stored/empty-database.ts";

let empty: Awaited<ReturnType<typeof startEmptyDatabase>>;
let firestore: Firestore;
let disputes: ReturnType<typeof createSaleDisputes>;
let sales: ReturnType<typeof createSales>;
let books: ReturnType<typeof earnings>;
let lobbyId: string;

beforeAll(async () => {
  empty = await startEmptyDatabase();
});
beforeEach(async () => {
  firestore = empty.next();
  disputes = createSaleDisputes(async () => firestore);
  sales = createSales(async () => firestore);
  books = earnings({ firestore, clock: empty.clock });
  lobbyId = await books.race(["ann", "bob"]);
});
afterAll(() => empty.stop());

const now = () => new Date(Math.floor(empty.clock.nowMs()));
const PAID = {
  paymentIntentId: "pi_1",
  chargeId: "ch_1",
  amount: 3000,
  currency: "usd",
  paidAt: new Date("2026-11-01T20:00:00Z"),
};
/** A shirt for $25.00 plus $5.00 of shipping, paid through a Payment Link; `changes` override its fields. */
const session = (fields: Partial<CheckoutSession> = {}): CheckoutSession => ({
  id: "cs_1",
  orderId: undefined,
  mode: "payment",
  status: "complete",
  url: undefined,
  paymentStatus: "paid",
  createdAt: PAID.paidAt,
  amount: 3000,
  currency: "usd",
  itemsAmount: 2500,
  taxAmount: 0,
  shipping: undefined,
  refunded: 0,
  title: "A shirt",
  lobbyId: undefined,
  payment: PAID,
  paymentLinkId: "plink_1",
  isMarkedMerch: false,
  isForeign: false,
  hasFailed: false,
  ...fields,
});
const saleOf = (fields: Partial<CheckoutSession> = {}, links?: readonly string[]) => {
  const orders = createOrders(async () => firestore);
  const clock = { ...empty.clock, now };
  const config = { STRIPE_PAYMENT_LINKS: links };
  return merchSale(session(fields), { orders, clock, config } as Parameters<typeof merchSale>[1]);
};

describe("a paid session", () => {
  test("of a Payment Link is a sale of its items at the time of payment", async () => {
    expect(await saleOf()).toEqual({
      id: "stripe:pi_1",
      provider: "stripe",
      base: 2500,
      currency: "usd",
      title: "A shirt",
      soldAtMs: PAID.paidAt.getTime(),
    });
    expect(await saleOf({ lobbyId: "7", title: undefined })).toMatchObject({
      lobbyId: "7",
      title: "Merch",
    });
  });

  test.each([
    ["an order of ours", { orderId: "1" }],
    ["a subscription", { mode: "subscription" }],
    ["another application's", { isForeign: true }],
    ["without a link or a mark", { paymentLinkId: undefined }],
    ["not paid", { payment: undefined }],
  ])("that is %s is not a sale", async (_what, fields) => {
    expect(await saleOf(fields)).toBeUndefined();
  });

  test("that identifies an old order is not a sale", async () => {
    await firestore.doc("orders/cs_1").set({ buyer_id: "ann", builder_id: "b" });
    expect(await saleOf()).toBeUndefined();
  });

  test("needs to be marked as merch: by an allowed link, or without a link by its metadata", async () => {
    expect(await saleOf({}, ["plink_2"])).toBeUndefined();
    expect(await saleOf({ isMarkedMerch: true }, ["plink_2"])).toBeUndefined();
    expect(await saleOf({}, ["plink_1"])).toBeDefined();
    expect(await saleOf({ paymentLinkId: undefined, isMarkedMerch: true }, [])).toBeDefined();
  });

  test("of a negative amount is stored for the operators, and of zero is a sale", async () => {
    await expect(saleOf({ itemsAmount: -1 })).rejects.toThrow(TerminalError);
    expect(await saleOf({ itemsAmount: 0 })).toMatchObject({ base: 0 });
  });

  test("whose payment is an hour ahead of our clock is stored for the operators", async () => {
    const paidAt = new Date(now().getTime() + 3_600_000);
    await expect(saleOf({ payment: { ...PAID, paidAt } })).rejects.toThrow("cannot be");
  });
});

test("a refund without a payment is looked for among the orders, without a call to Stripe", async () => {
  const deps = {} as Parameters<typeof purposeOfPayment>[1];
  expect(await purposeOfPayment(undefined, deps)).toEqual({ kind: "order" });
});

describe("what is taken back of merch", () => {
  const SALE = { saleId: "stripe:pi_1", paid: 3000 };

  test("is everything refunded so far, as a part of the charge", () => {
    expect(merchSaleId(session())).toBe("stripe:pi_1");
    expect(merchRefund(session())).toBeUndefined();
    expect(merchRefund(session({ refunded: 1200 }))).toEqual({
      ...SALE,
      id: "stripe:pi_1/refunds/0/1200",
      refundId: "refunds",
      amount: 1200,
      currency: "usd",
    });
  });

  test("is what a lost dispute took, and nothing of a won one", () => {
    const dispute = { id: "dp_1", amount: 3000, currency: "usd" };
    const of = (outcome: DisputeTurn["outcome"], turn: number) =>
      merchDispute(session(), dispute, { outcome, turn });
    const { id, refundId, ...lost } = of("lost", 1);
    expect(lost).toEqual({ ...SALE, amount: 3000, currency: "usd", turn: 1 });
    expect(id).toBe(`stripe:pi_1/${refundId}/1/3000`);
    expect(of("won", 2)).toMatchObject({ amount: 0, turn: 2 });
  });

  test("counts in the sale's currency if the charge was in another", () => {
    const charged = session({ currency: "eur", payment: { ...PAID, amount: 3300 } });
    expect(merchRefund({ ...charged, refunded: 1100 })).toMatchObject({
      amount: 1100,
      currency: "eur",
      paid: 3300,
    });
    const dispute = { id: "dp_1", amount: 900, currency: "gbp" };
    expect(merchDispute(charged, dispute, { outcome: "lost", turn: 1 })).toMatchObject({
      amount: 900,
      currency: "gbp",
      paid: 3300,
    });
  });
});

describe("a dispute of a sale", () => {
  const follow = (saleId: string, outcome: DisputeTurn["outcome"], id = "dp_1") =>
    disputes.follow(saleId, id, { read: async () => outcome, now });
  const refund = (saleId: string, id: string, amount: number, turn?: number) =>
    sales.refund({ saleId, id, amount, currency: "usd", turn }, now());
  const frozenOf = async () =>
    (await books.balances("ann")).map(({ available, pending, frozen }) => ({
      available,
      pending,
      frozen,
    }));
  const ID = merchDispute(
    session(),
    { id: "dp_1", amount: 0, currency: "usd" },
    { outcome: "won", turn: 1 },
  ).refundId;

  test("counts each decision as one turn, however often it is delivered", async () => {
    const saleId = await books.sell(lobbyId, 1000);
    expect(await follow(saleId, "open")).toEqual({ outcome: "open", turn: 0, isNew: true });
    expect(await follow(saleId, "open")).toEqual({ outcome: "open", turn: 0, isNew: false });
    expect(await follow(saleId, "lost")).toEqual({ outcome: "lost", turn: 1, isNew: true });
    expect(await follow(saleId, "won")).toEqual({ outcome: "won", turn: 2, isNew: true });
    expect(await follow(saleId, "won")).toEqual({ outcome: "won", turn: 2, isNew: false });
  });

  test("freezes shares until its outcome is booked", async () => {
    const saleId = await books.sell(lobbyId, 1000);
    expect(await frozenOf()).toEqual([{ available: 500, pending: 0, frozen: 0 }]);
    await follow(saleId, "open");
    const isFrozen = [{ available: 0, pending: 0, frozen: 500 }];
    expect(await frozenOf()).toEqual(isFrozen);
    await follow(saleId, "won");
    expect(await frozenOf()).toEqual(isFrozen);
    await refund(saleId, ID, 0, 1);
    expect(await frozenOf()).toEqual([{ available: 500, pending: 0, frozen: 0 }]);
    await refund(saleId, "part", 100);
    expect(await sales.get(saleId)).toMatchObject({ freezes: 2, frozen: [] });
  });

  test("writes the wallet of each racer whose share it freezes, whether it existed or not", async () => {
    const saleId = await books.sell(lobbyId, 1000);
    await firestore.doc("wallets/ann").set({ tax_note: "in the safe" });
    const at = now();
    await disputes.follow(saleId, "dp_1", { read: async () => "open", now: () => at });
    const wallets = await firestore.collection("wallets").get();
    const writtenAt = wallets.docs.map((wallet) => {
      const frozenAt = wallet.get("frozen_at") as { toDate(): Date } | undefined;
      return [wallet.id, frozenAt?.toDate()];
    });
    expect(writtenAt).toEqual([
      ["ann", at],
      ["bob", at],
    ]);
    expect(wallets.docs[0]?.get("tax_note")).toBe("in the safe");
  });

  test("freezes the whole of shares that are not available yet", async () => {
    const saleId = await books.sell(lobbyId, 1000, { heldMinutes: 5 });
    await follow(saleId, "open");
    expect(await frozenOf()).toEqual([{ available: 0, pending: 0, frozen: 500 }]);
  });

  test("freezes no more than the wallets still hold", async () => {
    const saleId = await books.sell(lobbyId, 1000);
    await refund(await books.sell(lobbyId, 0), "x", 0);
    await firestore.doc("wallets/ann").set({ frozen_at: now() });
    await refund(saleId, "part", 400);
    await follow(saleId, "open");
    expect(await frozenOf()).toEqual([{ available: 0, pending: 0, frozen: 300 }]);
  });

  test("that was decided before its sale arrived freezes the sale only until the decision is booked", async () => {
    const sale = {
      id: "kofi:late",
      provider: "kofi" as const,
      base: 1000,
      currency: "usd",
      soldAt: now(),
      lobbyId,
      title: "A keycap",
    };
    await follow(sale.id, "lost");
    await sales.book(sale, { holdDays: 0, now: now() });
    expect(await frozenOf()).toEqual([{ available: 0, pending: 0, frozen: 500 }]);
    await refund(sale.id, ID, 1000, 1);
    expect(await frozenOf()).toEqual([{ available: 0, pending: 0, frozen: 0 }]);
  });

  test("that was updated concurrently is read again", async () => {
    const saleId = await books.sell(lobbyId, 1000);
    let reads = 0;
    const slowly = (outcomes: readonly DisputeTurn["outcome"][]) =>
      disputes.follow(saleId, "dp_1", {
        now,
        read: async () => {
          reads += 1;
          if (reads % 2 === 1) await follow(saleId, outcomes[0] ?? "open");
          return outcomes[reads % 2 === 1 ? 0 : 1] ?? "open";
        },
      });
    expect(await slowly(["open", "open"])).toMatchObject({ outcome: "open", isNew: false });
    expect(await slowly(["lost", "won"])).toMatchObject({ outcome: "won", turn: 2, isNew: true });
    expect(reads).toBe(4);
  });
});
