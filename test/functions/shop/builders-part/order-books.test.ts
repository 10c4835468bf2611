import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type CollectDeps, collectDebt } from "../../../../functions/shop/money/collect-debt.ts";
import { createDisputes } from "../../../../functions/shop/store/disputes.ts";
import { createPayments } from "../../../../functions/shop/store/payments/payments.ts";
import type { RefundRequest } from "../../../../functions/shop/store/refunds/begin-refund.ts";
import { createDebts } from "../../../../functions/shop/store/refunds/debts.ts";
import { createRefunds } from "../../../../functions/shop/store/refunds/refunds.ts";
import { createReleases } from "../../../../functions/shop/store/releases/releases.ts";
import type { DocumentData, Firestore } from "../../../../shared/ports/database.ts";
import { startEmptyDatabase } from "../../../support/stored/empty-database.ts";

const NOW = new Date("2026-11-01T20:00:00Z");
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;
const later = (ms: number) => new Date(NOW.getTime() + ms);
/** The id of a command typed at a given time. */
const typedAt = (at: Date) => String(BigInt(at.getTime() - 1_420_070_400_000) << 22n);

let empty: Awaited<ReturnType<typeof startEmptyDatabase>>;
let firestore: Firestore;
let debts: ReturnType<typeof createDebts>;
let disputes: ReturnType<typeof createDisputes>;
let payments: ReturnType<typeof createPayments>;
let refunds: ReturnType<typeof createRefunds>;
let releases: ReturnType<typeof createReleases>;

beforeAll(async () => {
  empty = await startEmptyDatabase();
});
beforeEach(async () => {
  firestore = empty.next();
  const database = async () => firestore;
  debts = createDebts(database);
  disputes = createDisputes(database);
  payments = createPayments(database);
  refunds = createRefunds(database);
  releases = createReleases(database);
  await order("1");
  await firestore.doc(UNIT).set({ state: "sold", order_id: "1" });
  await firestore.doc(BUYER).set({ order_ids: ["0", "1"] });
});
afterAll(() => empty.stop());

const UNIT = "inventory/d/units/1";
const BUYER = "inventory/d/buyers/ann";
const TRANSFER = { ids: ["tr_1"], gross: 9500, netted: 0, taken_back: 0, sending: null };
/** An order of $100 whose builder "b" has received all of their $95; `fields` override it. */
const order = (id: string, fields: DocumentData = {}) =>
  firestore.doc(`orders/${id}`).set({
    buyer_id: "ann",
    builder_id: "b",
    title: "Brass weight",
    fulfillment_status: "paid",
    drop_id: "d",
    unit: 1,
    amount: 10_000,
    fee: 500,
    currency: "usd",
    plan: "split",
    checkout_attempt: 1,
    checkout_expires_at: NOW,
    checkout_session_id: "cs_1",
    payment_intent_id: "pi_1",
    charge_id: "ch_1",
    paid_at: NOW,
    hold: "released",
    release_attempt: 1,
    refund_requested: 0,
    refunded: 0,
    open_refunds: [],
    disputes: [],
    has_open_refunds: false,
    is_settling: false,
    transfer: TRANSFER,
    ...fields,
  });
const change = (fields: DocumentData) => firestore.doc("orders/1").update(fields);
const stored = async (path = "orders/1") => (await firestore.doc(path).get()).data() ?? {};
const request = (id: string, fields: Partial<RefundRequest> = {}): RefundRequest => ({
  id,
  orderId: "1",
  amount: undefined,
  restock: false,
  isOwed: false,
  isLimited: false,
  now: () => NOW,
  ...fields,
});
const begin = (id: string, fields: Partial<RefundRequest> = {}) =>
  refunds.begin(request(id, fields));
const made = (id: string, amount: number, fields: object = {}) =>
  refunds.made("1", { id, kind: "refund", amount, ...fields }, NOW);
const debtOf = async (cause: string) => {
  const { amount, settled, is_open: isOpen } = await stored(`builders/b/debts/1.${cause}`);
  return { amount, settled, isOpen };
};
const OPEN = {
  id: "dp_1",
  amount: 4000,
  withdrawn: 4000,
  fee: 0,
  isInquiry: false,
  outcome: "open" as const,
};

describe("a refund is not started", () => {
  test("for an unpaid order, while a bank decides, or while a transfer is being made", async () => {
    await change({ charge_id: null });
    expect(await begin("a")).toMatchObject({ outcome: "unpaid" });
    await change({ charge_id: "ch_1" });
    await disputes.record("1", async () => OPEN, NOW);
    expect(await begin("a")).toMatchObject({ outcome: "disputed" });
    await disputes.record("1", async () => ({ ...OPEN, isInquiry: true, withdrawn: 0 }), NOW);
    await change({ hold: "releasing" });
    expect(await begin("a")).toEqual({ outcome: "releasing" });
    expect(await refunds.get("1", "a")).toBeUndefined();
  });

  test("that is owed and takes all that is left, while a requested one may still fail", async () => {
    await begin("a", { amount: 1000 });
    expect(await begin("b", { isOwed: true })).toEqual({ outcome: "refunding" });
    expect(await refunds.get("1", "b")).toBeUndefined();
    expect(await begin("c", { amount: 500, isOwed: true })).toMatchObject({ outcome: "refund" });
    await refunds.refused("1", "a", NOW);
    expect(await begin("b", { isOwed: true })).toMatchObject({ refund: { amount: 9500 } });
  });

  test("after its command's deadline, to the millisecond", async () => {
    const id = typedAt(NOW);
    const deadline = later(MINUTE_MS);
    const at = (now: Date) => begin(id, { amount: 100, deadline, now: () => now });
    expect(await at(later(MINUTE_MS + 1))).toEqual({ outcome: "too-late" });
    expect(await at(deadline)).toMatchObject({ outcome: "refund" });
  });

  test("if an identical newer command was seen, even a refused one", async () => {
    const [first, second] = [typedAt(NOW), typedAt(later(1000))];
    const deadline = later(MINUTE_MS);
    await begin(second, { amount: 20_000, deadline });
    expect(await begin(first, { amount: 20_000, deadline })).toEqual({
      outcome: "superseded",
      otherId: second,
    });
    expect(await begin(first, { amount: 100, deadline })).toMatchObject({ outcome: "refund" });
  });

  test("if an identical older command has made it, unless that was undone", async () => {
    const [first, second] = [typedAt(NOW), typedAt(later(1000))];
    const typed = { amount: 100, deadline: later(MINUTE_MS) };
    await begin(first, typed);
    expect(await begin(second, typed)).toEqual({ outcome: "just-refunded", otherId: first });
    await refunds.refused("1", first, NOW);
    expect(await begin(second, typed)).toMatchObject({ outcome: "refund" });
  });

  test("twice for the whole amount, by commands without an amount", async () => {
    const [first, second] = [typedAt(NOW), typedAt(later(1000))];
    const deadline = later(MINUTE_MS);
    await begin(first, { deadline });
    expect(await begin(second, { deadline })).toMatchObject({ outcome: "too-much", left: 0 });
  });
});

describe("a refund that is made", () => {
  test("takes the unit from its buyer", async () => {
    await made("dashboard", 10_000);
    expect(await stored(UNIT)).toMatchObject({ state: "sold" });
    expect(await stored(BUYER)).toEqual({ order_ids: ["0"] });
    expect(await stored()).toMatchObject({ fulfillment_status: "refunded" });
  });

  test("puts the unit on sale again if requested", async () => {
    await begin("a", { restock: true });
    await made("a", 10_000);
    expect(await stored(UNIT)).toMatchObject({ state: "free", order_id: null });
    expect(await stored(BUYER)).toEqual({ order_ids: ["0"] });
  });

  test("for an order that was never paid, or belongs to no drop, frees nothing", async () => {
    await order("1", { drop_id: null, unit: null });
    await made("a", 10_000);
    expect(await stored()).toMatchObject({ fulfillment_status: "refunded", refunded: 10_000 });
    await order("1", { paid_at: null });
    await made("b", 10_000);
    expect(await stored(BUYER)).toEqual({ order_ids: ["0", "1"] });
  });

  test("returns what the builder owes for it, also when it is booked again", async () => {
    expect(await made("a", 2000)).toMatchObject({ debtId: "1.a", refund: { amount: 2000 } });
    expect(await made("a", 2000)).toMatchObject({ debtId: "1.a", refund: { amount: 2000 } });
    expect(await debtOf("a")).toEqual({ amount: 1900, settled: 0, isOpen: true });
    await made("cent", 1);
    expect(await debtOf("cent")).toEqual({ amount: 1, settled: 0, isOpen: true });
  });

  test("of all held money ends the hold, and of other money changes no hold", async () => {
    await order("1", { hold: "held", transfer: null });
    await made("a", 5000);
    expect(await stored()).toMatchObject({ hold: "held" });
    await made("b", 5000);
    expect(await stored()).toMatchObject({ hold: "returned" });
  });

  test("outside of Stripe is closed once with the reason; only Stripe can report it as made", async () => {
    const paidOutside = { reason: "by bank" };
    await begin("a", { amount: 2000, isOwed: true });
    await made("a", 2000, { paidOutside });
    const closed = { state: "closed", closed_reason: "by bank", amount: 2000 };
    expect(await stored("orders/1/refunds/a")).toMatchObject(closed);
    await made("a", 2000, { paidOutside: { reason: "again" } });
    expect(await stored("orders/1/refunds/a")).toMatchObject(closed);
    expect(await stored()).toMatchObject({ refunded: 2000 });
    await expect(made("x", 1)).resolves.toMatchObject({ refund: { state: "made" } });
    expect((await stored("orders/1/refunds/x"))["closed_reason"]).toBeUndefined();
  });

  test("needs an order that was paid here", async () => {
    await firestore.doc("orders/old").set({ buyer_id: "ann", builder_id: "b" });
    const done = { id: "a", kind: "refund", amount: 1 } as const;
    await expect(refunds.made("old", done, NOW)).rejects.toThrow("Order old was not paid here.");
  });
});

describe("a refund that we owe", () => {
  test("is closed with staff's reason if they give one, and never grows beyond its amount", async () => {
    await begin("a", { amount: 2000, isOwed: true });
    expect(await refunds.aim("1", "a", 9000, NOW)).toMatchObject({ amount: 2000, attempt: 2 });
    await refunds.aim("1", "a", 0, NOW, "The account is gone.");
    expect(await stored("orders/1/refunds/a")).toMatchObject({
      state: "closed",
      closed_reason: "The account is gone.",
      attempt: 3,
    });
    expect(await stored()).toMatchObject({ refund_requested: 0, has_open_refunds: false });
  });
});

describe("a refund that Stripe refuses", () => {
  test("returns to the builder what was taken from them for it, by another transfer", async () => {
    await begin("a", { amount: 2000 });
    const debt = { builderId: "b", id: "1.a" };
    const begun = await debts.beginReversal("b", "1.a", NOW);
    if (begun.outcome !== "reverse") throw new Error(begun.outcome);
    expect(begun).toMatchObject({
      reversal: { attempt: 1, amount: 1900 },
      transferIds: ["tr_1"],
    });
    await debts.endReversal(debt, begun.reversal, 1900);
    expect(await refunds.refused("1", "a", NOW)).toBe(true);
    expect(await stored()).toMatchObject({
      hold: "held",
      refund_requested: 0,
      transfer: { gross: 9500, taken_back: 1900 },
    });
  });
});

describe("what a builder owes for an order", () => {
  const lost = (withdrawn: number) =>
    disputes.record("1", async () => ({ ...OPEN, withdrawn }), NOW);

  test("increases for the same cause, and is due at once again", async () => {
    await lost(1000);
    const begun = await debts.beginReversal("b", "1.dp_1", NOW);
    if (begun.outcome !== "reverse") throw new Error(begun.outcome);
    await debts.endReversal({ builderId: "b", id: "1.dp_1" }, begun.reversal, 950);
    expect(await debtOf("dp_1")).toEqual({ amount: 950, settled: 950, isOpen: false });
    await lost(2000);
    expect(await debtOf("dp_1")).toEqual({ amount: 1900, settled: 950, isOpen: true });
    expect(await debts.due(NOW, 10)).toEqual([{ builderId: "b", id: "1.dp_1" }]);
    expect(await debts.beginReversal("b", "1.dp_1", NOW)).toMatchObject({
      reversal: { attempt: 2, amount: 950 },
    });
  });

  test("is taken from the order's transfers, up to the amount requested, and a decided reversal continues", async () => {
    await lost(1000);
    expect(await debts.beginReversal("b", "1.dp_1", NOW, 300)).toMatchObject({
      reversal: { attempt: 1, amount: 300 },
    });
    expect(await debts.beginReversal("b", "1.dp_1", NOW)).toMatchObject({
      outcome: "reverse",
      reversal: { attempt: 1, amount: 300 },
      transferIds: ["tr_1"],
    });
  });

  test("waits while a transfer is being made, and without a transfer cannot be collected", async () => {
    await lost(1000);
    await change({ hold: "releasing" });
    expect(await debts.beginReversal("b", "1.dp_1", NOW)).toEqual({ outcome: "wait" });
    await change({ hold: "released", transfer: { ...TRANSFER, ids: [] } });
    expect(await debts.beginReversal("b", "1.dp_1", NOW)).toEqual({ outcome: "nothing-sent" });
    await change({ transfer: null });
    expect(await debts.beginReversal("b", "1.dp_1", NOW)).toEqual({ outcome: "nothing-sent" });
  });

  test.each([
    ["a transfer is made", { hold: "releasing" }],
    ["nothing was sent for the order", { transfer: null }],
  ])("is retried a day later if %s, and is owed until then", async (_why, fields) => {
    await lost(1000);
    await change(fields);
    const deps = { debts, clock: { now: () => NOW } } as CollectDeps;
    expect(await collectDebt({ builderId: "b", id: "1.dp_1" }, deps)).toBeGreaterThan(0);
    expect(await debtOf("dp_1")).toMatchObject({ settled: 0, isOpen: true });
    expect(await debts.due(later(DAY_MS - 1), 10)).toEqual([]);
    expect(await debts.due(later(DAY_MS), 10)).toEqual([{ builderId: "b", id: "1.dp_1" }]);
  });

  test("is zero while a transfer is in progress, and for an order that predates this system", async () => {
    await change({ hold: "releasing" });
    expect(await lost(1000)).toMatchObject({ debtId: undefined });
    expect(await stored()).toMatchObject({ disputes: [{ id: "dp_1", withdrawn: 1000 }] });
    await firestore.doc("orders/old").set({ buyer_id: "ann", builder_id: "b" });
    expect(await disputes.record("old", async () => OPEN, NOW)).toMatchObject({
      before: undefined,
    });
  });

  test("is zero if they have received a cent too little, which is held for them", async () => {
    await change({ transfer: { ...TRANSFER, taken_back: 1 } });
    expect(await lost(0)).toMatchObject({ debtId: undefined });
    expect(await stored()).toMatchObject({ hold: "held", transfer: { taken_back: 1 } });
  });

  test("is forgiven in part, and the rest of what they receive is held for them", async () => {
    await lost(4000);
    const begun = await debts.beginReversal("b", "1.dp_1", NOW, 1000);
    if (begun.outcome !== "reverse") throw new Error(begun.outcome);
    await debts.endReversal({ builderId: "b", id: "1.dp_1" }, begun.reversal, 1000);
    const won = await disputes.record(
      "1",
      async () => ({ ...OPEN, withdrawn: 0, outcome: "won" as const }),
      NOW,
    );
    expect(won).toMatchObject({ debtId: undefined, order: { payment: { hold: "held" } } });
    expect(await debtOf("dp_1")).toEqual({ amount: 1000, settled: 1000, isOpen: false });
    expect(await stored()).toMatchObject({ hold: "held", transfer: { taken_back: 1000 } });
  });
});

describe("orders whose money is waiting", () => {
  beforeEach(async () => {
    await order("held", { hold: "held", plan: "held", hold_ends_at: later(DAY_MS) });
    await order("ended", { hold: "ended", plan: "held", hold_ends_at: NOW });
    await order("proved", { hold: "held", plan: "held", fulfillment_status: "building" });
    await order("split", { hold: "held", builder_id: "c" });
    await order("releasing", { hold: "releasing" });
  });

  test("are found by the time of their refund, the earliest first", async () => {
    expect(await releases.endingBefore(later(DAY_MS))).toEqual(["ended", "held"]);
    expect(await releases.endingBefore(later(DAY_MS - 1))).toEqual(["ended"]);
  });

  test("are found by what holds the money, starting after a given one", async () => {
    expect(await releases.unfinished("releasing", undefined, 9)).toEqual(["releasing"]);
    expect(await releases.unfinished("proved", undefined, 9)).toEqual(["proved"]);
    expect(await releases.unfinished("split", undefined, 9)).toEqual(["split"]);
    expect(await releases.unfinished("split", "split", 9)).toEqual([]);
  });

  test("are found by their builder", async () => {
    expect((await releases.waitingOf("b")).toSorted()).toEqual(["held", "proved", "releasing"]);
    expect(await releases.waitingOf("c")).toEqual(["split"]);
  });
});

describe("a payment", () => {
  const amounts = { amount: 12_000, tax: 0, shipping: 0, shippingTax: 0 };
  const facts = { paymentIntentId: "pi_2", chargeId: "ch_2", paidAt: NOW, ...amounts };
  const unpaid = {
    payment_intent_id: null,
    charge_id: null,
    paid_at: null,
    hold: null,
    transfer: null,
  };

  test("for an auction win is too late once the item went to the next bidder", async () => {
    const won = { ...unpaid, drop_id: null, unit: null, auction_id: "x" };
    await order("1", { ...won, fulfillment_status: "reserved" });
    expect((await payments.settle("1", facts, NOW)).outcome).toBe("paid");
    await order("1", { ...won, fulfillment_status: "expired" });
    expect((await payments.settle("1", facts, NOW)).outcome).toBe("unit-gone");
    await order("1", { ...won, auction_id: null, fulfillment_status: "expired" });
    expect((await payments.settle("1", facts, NOW)).outcome).toBe("paid");
  });

  test("needs an order that was sold here", async () => {
    await firestore.doc("orders/old").set({ buyer_id: "ann", builder_id: "b" });
    await expect(payments.settle("old", facts, NOW)).rejects.toThrow("no payment to settle");
  });
});
