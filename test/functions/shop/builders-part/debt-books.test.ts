import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import {
  planForgiving,
  planNetting,
  planReopening,
  planSettling,
} from "../../../../functions/shop/store/refunds/debt-plans.ts";
import { createDebts } from "../../../../functions/shop/store/refunds/debts.ts";
import type { Firestore, Transaction } from "../../../../shared/ports/database.ts";
import { startEmptyDatabase } from "../../../support/stored/empty-database.ts";

const NOW = new Date("2026-11-01T20:00:00Z");
const DAY_MS = 24 * 3_600_000;
/** The fields of a debt of which a first reversal was decided. */
const BEING_REVERSED = { reversals: 1, reversing: 400, reversing_since: NOW };
const inDays = (days: number) => new Date(NOW.getTime() + days * DAY_MS);

let empty: Awaited<ReturnType<typeof startEmptyDatabase>>;
let firestore: Firestore;
let debts: ReturnType<typeof createDebts>;

beforeAll(async () => {
  empty = await startEmptyDatabase();
});
beforeEach(() => {
  firestore = empty.next();
  debts = createDebts(async () => firestore);
});
afterAll(() => empty.stop());

/** Adds a builder's debt for an order, with one cause; returns its id. */
const owe = (orderId: string, amount: number, currency = "usd", at = NOW) =>
  debts.add({ builderId: "b", id: orderId }, { cause: "c", amount, currency }, at);
const placeOf = (id: string) => firestore.doc(`builders/b/debts/${id}`);
const stored = async (id: string) => {
  const {
    amount,
    settled,
    is_open: isOpen,
    due_at: dueAt,
  } = (await placeOf(id).get()).data() ?? {};
  return { amount, settled, isOpen, isDue: dueAt !== null };
};

/** Plans in a separate transaction, and applies the plan. */
async function apply<Plan extends { apply: () => void } | (() => void)>(
  plan: (transaction: Transaction) => Promise<Plan>,
): Promise<Plan> {
  return firestore.runTransaction(async (transaction) => {
    const made = await plan(transaction);
    if (typeof made === "function") made();
    else made.apply();
    return made;
  });
}
const net = (most: number, currency = "usd") =>
  apply((transaction) => planNetting(firestore, transaction, { builderId: "b", currency, most }));

describe("a debt", () => {
  test("is recorded once for its cause, and its id names order and cause", async () => {
    expect(await owe("1", 500)).toBe("1.c");
    await owe("1", 700);
    expect(await stored("1.c")).toEqual({ amount: 500, settled: 0, isOpen: true, isDue: true });
    expect(await debts.get("b", "1.c")).toMatchObject({
      builderId: "b",
      orderId: "1",
      currency: "usd",
      amount: 500,
      settled: 0,
      reversed: 0,
    });
    expect(await debts.get("b", "2.c")).toBeUndefined();
  });

  test("is summed by currency, minus what is settled", async () => {
    await owe("1", 500);
    await owe("2", 300);
    await owe("3", 900, "eur");
    await net(600);
    expect(await debts.outstanding("b")).toEqual(
      new Map([
        ["usd", 200],
        ["eur", 900],
      ]),
    );
  });

  test("is due at once, and then a day after each attempt; lists start with the longest waiting, up to a limit", async () => {
    await owe("1", 500, "usd", inDays(-1));
    await owe("2", 500, "usd", inDays(-2));
    const due = async (at: Date, limit = 10) => (await debts.due(at, limit)).map(({ id }) => id);
    expect(await due(NOW)).toEqual(["2.c", "1.c"]);
    expect(await due(NOW, 1)).toEqual(["2.c"]);
    await debts.postpone({ builderId: "b", id: "2.c" }, NOW);
    expect(await due(NOW)).toEqual(["1.c"]);
    expect(await due(new Date(inDays(1).getTime() - 1))).toEqual(["1.c"]);
    expect(await due(inDays(1))).toEqual(["1.c", "2.c"]);
    const open = await debts.open(10);
    expect(open.map(({ id, since, dueAt }) => [id, since, dueAt])).toEqual([
      ["1.c", inDays(-1), inDays(-1)],
      ["2.c", inDays(-2), inDays(1)],
    ]);
    expect((await debts.openOf({ builderId: "b", id: "2" })).map(({ id }) => id)).toEqual(["2.c"]);
  });

  test("that is settled is no longer due, and cannot be postponed", async () => {
    await owe("1", 500);
    await net(500);
    await debts.postpone({ builderId: "b", id: "1.c" }, NOW);
    expect(await stored("1.c")).toEqual({ amount: 500, settled: 500, isOpen: false, isDue: false });
    expect(await debts.due(inDays(9), 10)).toEqual([]);
    expect(await debts.open(10)).toEqual([]);
    expect(await debts.openOf({ builderId: "b", id: "1" })).toEqual([]);
  });
});

describe("what a builder is about to receive", () => {
  test("is used for their debts in its currency, in the order of ids, up to the amount available", async () => {
    for (const order of ["1", "2", "3"]) await owe(order, 500);
    await owe("0", 500, "eur");
    const { netted, nettedDebts } = await net(700);
    expect(netted).toBe(700);
    expect(nettedDebts).toEqual([
      { id: "1.c", part: 500 },
      { id: "2.c", part: 200 },
    ]);
    expect(await stored("1.c")).toMatchObject({ settled: 500, isOpen: false });
    expect(await stored("2.c")).toMatchObject({ settled: 200, isOpen: true });
    expect(await stored("3.c")).toMatchObject({ settled: 0 });
    expect(await stored("0.c")).toMatchObject({ settled: 0 });
    expect(await net(2000)).toMatchObject({ netted: 800 });
    expect(await net(2000)).toMatchObject({ netted: 0, nettedDebts: [] });
  });

  test("is not used for a debt that is being collected by a reversal", async () => {
    await owe("1", 500);
    await placeOf("1.c").update(BEING_REVERSED);
    expect(await net(2000)).toMatchObject({ netted: 100, nettedDebts: [{ id: "1.c", part: 100 }] });
    expect(await net(2000)).toMatchObject({ netted: 0, nettedDebts: [] });
  });

  test("and is not sent after all makes the debts due again: at once if they had been settled", async () => {
    await owe("1", 500, "usd", inDays(-2));
    await owe("2", 500, "usd", inDays(-2));
    const { nettedDebts } = await net(700);
    const reopening = { builderId: "b", nettedDebts };
    await apply((transaction) => planReopening(firestore, transaction, reopening, NOW));
    const open = { amount: 500, settled: 0, isOpen: true, isDue: true };
    expect(await stored("1.c")).toEqual(open);
    expect(await stored("2.c")).toEqual(open);
    // A debt that stayed open remains due at its time.
    expect((await debts.open(10)).map(({ id, dueAt }) => [id, dueAt])).toEqual([
      ["2.c", inDays(-2)],
      ["1.c", NOW],
    ]);
  });
});

describe("debts of someone who is forgotten", () => {
  test("are settled by currency; those being collected by a reversal stay", async () => {
    await owe("1", 500);
    await owe("2", 300);
    await owe("3", 900, "eur");
    await owe("4", 50);
    await net(100);
    await placeOf("4.c").update({ ...BEING_REVERSED, reversing: 10 });
    const { settled } = await apply((transaction) => planSettling(firestore, transaction, "b"));
    expect(settled).toEqual({ usd: 700, eur: 900 });
    expect(await debts.outstanding("b")).toEqual(new Map([["usd", 50]]));
  });
});

describe("a builder who turns out to owe less for an order", () => {
  const forgive = (orderId: string, most: number) =>
    apply((transaction) =>
      planForgiving(firestore, transaction, { builderId: "b", orderId, most }),
    );

  test("is forgiven what was not collected, for that order only", async () => {
    await owe("1", 500);
    await owe("2", 500);
    await net(200);
    expect(await forgive("1", 100)).toMatchObject({ forgiven: 100 });
    expect(await stored("1.c")).toEqual({ amount: 400, settled: 200, isOpen: true, isDue: true });
    expect(await forgive("1", 1)).toMatchObject({ forgiven: 1 });
    expect(await forgive("1", 1000)).toMatchObject({ forgiven: 199 });
    expect(await stored("1.c")).toEqual({ amount: 200, settled: 200, isOpen: false, isDue: false });
    expect(await forgive("1", 1000)).toMatchObject({ forgiven: 0 });
    expect(await stored("2.c")).toMatchObject({ amount: 500, settled: 0 });
  });

  test("is not forgiven what is being collected by a reversal", async () => {
    await owe("1", 500);
    await placeOf("1.c").update(BEING_REVERSED);
    expect(await forgive("1", 1000)).toMatchObject({ forgiven: 100 });
    expect(await stored("1.c")).toMatchObject({ amount: 400, isOpen: true });
  });
});

describe("a reversal", () => {
  const debt = { builderId: "b", id: "1.c" };
  const reversal = { attempt: 1, amount: 400, decidedAt: NOW };
  beforeEach(async () => {
    await owe("1", 500);
    await placeOf("1.c").update(BEING_REVERSED);
  });

  test("settles what it took, and the rest stays due", async () => {
    expect(await debts.endReversal(debt, reversal, 300)).toBe(200);
    expect(await debts.get("b", "1.c")).toMatchObject({
      amount: 500,
      settled: 300,
      reversed: 300,
      reversal: undefined,
    });
    expect((await debts.open(10)).map(({ dueAt }) => dueAt)).toEqual([NOW]);
    // A repeat changes nothing.
    expect(await debts.endReversal(debt, reversal, 300)).toBe(200);
    expect(await debts.reversedOf({ builderId: "b", id: "1" })).toBe(300);
  });

  test("that is under way keeps its debt due until it has an outcome", async () => {
    const dueAt = async () => (await debts.open(10)).map((each) => each.dueAt);
    await debts.postpone(debt, NOW);
    expect(await dueAt()).toEqual([NOW]);
    await debts.endReversal(debt, reversal, 0);
    await debts.postpone(debt, NOW);
    expect(await dueAt()).toEqual([inDays(1)]);
  });

  test("that took all of it closes the debt", async () => {
    expect(await debts.endReversal(debt, reversal, 500)).toBe(0);
    expect(await stored("1.c")).toEqual({ amount: 500, settled: 500, isOpen: false, isDue: false });
  });

  test("that is in progress counts as taken, and the end of another one changes nothing", async () => {
    expect(await debts.reversedOf({ builderId: "b", id: "1" })).toBe(400);
    expect(await debts.reversedOf({ builderId: "b", id: "2" })).toBe(0);
    expect(await debts.endReversal(debt, { ...reversal, attempt: 2 }, 300)).toBe(500);
    expect(await debts.get("b", "1.c")).toMatchObject({ settled: 0, reversal });
  });

  test("is not started for a settled debt, or one without an order", async () => {
    expect(await debts.beginReversal("b", "none", NOW)).toEqual({ outcome: "settled" });
    await debts.endReversal(debt, reversal, 500);
    expect(await debts.beginReversal("b", "1.c", NOW)).toEqual({ outcome: "settled" });
    await owe("2", 500);
    await placeOf("2.c").update({ order_id: null });
    expect(await debts.beginReversal("b", "2.c", NOW)).toEqual({ outcome: "nothing-sent" });
  });
});
