import { beforeEach, describe, expect, test } from "@jest/globals";
import { createDisputes } from "../../../../functions/shop/store/disputes.ts";
import { createRefunds } from "../../../../functions/shop/store/refunds/refunds.ts";
import { createReleases } from "../../../../functions/shop/store/releases/releases.ts";
import { useCloud } from "../../../support/cloud.ts";
import { type Sale, sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const PART = 3167;
const DAY_MS = 24 * 3_600_000;

let sale: Sale;

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const database = async () => cloud.firestore;
const releases = createReleases(database);
const refunds = createRefunds(database);
const disputes = createDisputes(database);
/** An order of $33.33 that needs no proof, and for which nothing was sent yet. */
beforeEach(async () => {
  sale = await sales(cloud, people).sale("split");
  await change({ hold: "held", transfer: null });
});

const now = () => cloud.clock.now();
const change = (fields: object) =>
  cloud.firestore.doc(`orders/${sale.orderId}`).update({ ...fields });
const stored = () => people.order(sale.orderId);
const begin = async (account: string | undefined = sale.account) =>
  (await releases.begin(sale.orderId, account, now())).outcome;
const finish = (transferId: string | undefined) => releases.finish(sale.orderId, transferId, now());
const refunded = (id: string, amount: number) =>
  refunds.made(sale.orderId, { id, kind: "refund", amount }, now());
const owe = (cause: string, amount: number, orderId = "other") =>
  cloud.firestore.doc(`builders/${sale.builder}/debts/${orderId}.${cause}`).set({
    order_id: orderId,
    amount,
    currency: "usd",
    settled: 0,
    reversals: 0,
    reversing: null,
    reversed: 0,
    is_open: true,
    due_at: now(),
    created_at: now(),
  });
const open = {
  id: "dp_1",
  amount: 3333,
  fee: 0,
  withdrawn: 0,
  isInquiry: true,
  outcome: "open",
} as const;

describe("a transfer is decided", () => {
  test("once, for the builder's whole part, and continues as it was decided", async () => {
    expect(await begin()).toBe("release");
    expect(await begin("acct_other")).toBe("release");
    expect(await stored()).toMatchObject({
      hold: "releasing",
      transfer: {
        ids: [],
        gross: PART,
        netted: 0,
        taken_back: 0,
        sending: { account_id: sale.account, gross: PART, netted: 0, netted_debts: [] },
      },
    });
  });

  test("for what refunds have left, minus what the builder owes", async () => {
    await refunded("a", 1111);
    await owe("c", 500);
    expect(await begin()).toBe("release");
    expect(await stored()).toMatchObject({
      transfer: { gross: 2111, netted: 500, sending: { gross: 2111, netted: 500 } },
    });
  });

  test("not without an account, nor for a builder who is not approved", async () => {
    expect((await releases.begin(sale.orderId, undefined, now())).outcome).toBe("no-account");
    const builder = cloud.firestore.doc(`builders/${sale.builder}`);
    const before = (await builder.get()).data() ?? {};
    await builder.update({ standing: "suspended", state: "suspended" });
    expect(await begin()).toBe("not-approved");
    await builder.set(before);
    expect(await begin()).toBe("release");
  });

  test("not while a refund is pending, or a bank inquires", async () => {
    await refunds.begin({
      id: "a",
      orderId: sale.orderId,
      amount: 1,
      restock: false,
      now,
      isOwed: false,
      isLimited: false,
    });
    expect(await begin()).toBe("refunding");
    await refunds.refused(sale.orderId, "a", now());
    await disputes.record(sale.orderId, async () => open, now());
    expect(await begin()).toBe("frozen");
    await disputes.record(sale.orderId, async () => ({ ...open, outcome: "lost" }), now());
    expect(await begin()).toBe("refunding");
    await disputes.record(sale.orderId, async () => ({ ...open, outcome: "won" }), now());
    expect(await begin()).toBe("release");
  });

  test("not without a proof if one is needed, nor once nothing is held", async () => {
    await change({ plan: "held" });
    expect(await begin()).toBe("unproved");
    await change({ plan: "split", hold: "returned" });
    expect(await begin()).toBe("over");
  });

  test("and until its outcome is known no refund starts", async () => {
    await begin();
    const request = { id: "a", orderId: sale.orderId, amount: 1, restock: false, now };
    expect(await refunds.begin({ ...request, isOwed: false, isLimited: false })).toMatchObject({
      outcome: "releasing",
    });
  });
});

describe("a transfer that is made", () => {
  test("is recorded once, and the next one is a new call to Stripe", async () => {
    await begin();
    expect(await finish("tr_1")).toEqual({ debtId: undefined });
    expect(await finish("tr_2")).toEqual({ debtId: undefined });
    expect(await stored()).toMatchObject({
      hold: "released",
      transfer: { ids: ["tr_1"], sending: null, gross: PART },
    });
  });

  test("of zero, because debts took all of it, has no id", async () => {
    await owe("c", 10_000);
    await begin();
    await finish(undefined);
    expect(await stored()).toMatchObject({
      hold: "released",
      transfer: { ids: [], gross: PART, netted: PART },
    });
  });

  test("makes the builder owe what was refunded meanwhile", async () => {
    await begin();
    await refunded("dashboard", 1111);
    const { debtId } = await finish("tr_1");
    const debt = await cloud.firestore.doc(`builders/${sale.builder}/debts/${debtId}`).get();
    expect(debt.get("amount")).toBe(PART - 2111);
    expect(await stored()).toMatchObject({ transfer: { taken_back: PART - 2111 } });
  });
});

describe("a transfer that Stripe refuses", () => {
  const refuse = () => releases.refused(sale.orderId, now());
  const attempt = async () => Number((await stored())["release_attempt"]);

  test("leaves the money held, the debts owed, and makes the next attempt a new call", async () => {
    await owe("c", 500);
    const before = await attempt();
    await begin();
    await refuse();
    expect(await stored()).toMatchObject({ hold: "held", transfer: null });
    expect(await attempt()).toBe(before + 1);
    const debt = await cloud.firestore.doc(`builders/${sale.builder}/debts/other.c`).get();
    expect([debt.get("settled"), debt.get("is_open")]).toEqual([0, true]);
    await refuse();
    expect(await attempt()).toBe(before + 1);
  });

  test("after a first one that was made leaves that one unchanged", async () => {
    await begin();
    await finish("tr_1");
    await change({ hold: "held", "transfer.taken_back": 1000 });
    await begin();
    expect(await stored()).toMatchObject({ transfer: { sending: { gross: 1000 } } });
    await refuse();
    expect(await stored()).toMatchObject({
      hold: "held",
      transfer: { ids: ["tr_1"], gross: PART, netted: 0, sending: null },
    });
  });

  describe("after a first one that was made", () => {
    const debtsOf = async () => {
      const { docs } = await cloud.firestore.collection(`builders/${sale.builder}/debts`).get();
      return docs.map((debt) => [debt.id, debt.get("amount")]);
    };
    /** The builder has $21.67 of their $31.67, and the rest is being sent. */
    beforeEach(async () => {
      await begin();
      await finish("tr_1");
      await change({ hold: "held", "transfer.taken_back": 1000 });
      await begin();
    });

    test("makes the builder owe what they have beyond their current part, even one cent", async () => {
      await refunded("dashboard", 1053);
      const { debtId } = await refuse();
      expect(await debtsOf()).toEqual([[debtId, 1]]);
      expect(await stored()).toMatchObject({ hold: "held", transfer: { taken_back: 1001 } });
    });

    test("keeps only what the first one settled of debts", async () => {
      await refuse();
      await change({ "transfer.netted": 400 });
      await owe("c", 300);
      await begin();
      expect(await stored()).toMatchObject({ transfer: { netted: 700 } });
      await refuse();
      expect(await stored()).toMatchObject({ transfer: { gross: PART, netted: 400 } });
    });

    test("leaves their debt for the order, which their next transfer settles", async () => {
      await owe("c", 300, sale.orderId);
      expect(await refuse()).toEqual({ debtId: undefined });
      expect(await debtsOf()).toEqual([[`${sale.orderId}.c`, 300]]);
      expect(await stored()).toMatchObject({ hold: "held", transfer: { taken_back: 1000 } });
    });

    test("while everything was refunded leaves nothing held, and makes the builder owe what they received", async () => {
      await refunded("dashboard", 3333);
      const { debtId } = await refuse();
      expect(await debtsOf()).toEqual([[debtId, PART - 1000]]);
      expect(await stored()).toMatchObject({ hold: "released", transfer: { taken_back: PART } });
    });
  });

  test("while everything was refunded leaves nothing held", async () => {
    await begin();
    await refunded("dashboard", 3333);
    await refuse();
    expect(await stored()).toMatchObject({ hold: "returned", transfer: null });
  });
});

describe("the deadline for a proof", () => {
  const end = (at = now()) => releases.end(sale.orderId, at);
  beforeEach(() => change({ plan: "held", held_until: new Date(now().getTime() + DAY_MS) }));
  const due = () => new Date(now().getTime() + DAY_MS);

  test("expires at its time, and stays expired", async () => {
    const at = due();
    expect(await end(new Date(at.getTime() - 1))).toBe(false);
    expect(await stored()).toMatchObject({ hold: "held" });
    expect(await end(at)).toBe(true);
    expect(await stored()).toMatchObject({ hold: "ended" });
    expect(await end(new Date(0))).toBe(true);
  });

  test("does not expire while a bank inquires, nor if nothing is held", async () => {
    await disputes.record(sale.orderId, async () => open, now());
    expect(await end(due())).toBe(false);
    await change({ disputes: [], hold: "released" });
    expect(await end(due())).toBe(false);
  });
});
