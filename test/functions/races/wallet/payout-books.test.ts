import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createWallets } from "../../../../functions/members/store/wallets.ts";
import type { PayoutOrder } from "../../../../functions/races/domain/payout.ts";
import { createCorrections } from "../../../../functions/races/store/corrections.ts";
import { createPayouts } from "../../../../functions/races/store/payouts/payouts.ts";
import {
  comparePayoutTransfer,
  payoutsWithoutTransfer,
  type ReconcilePayoutDeps,
} from "../../../../functions/races/wallet/reconcile-payouts.ts";
import type { StripeTransfer } from "../../../../shared/clients/stripe/objects.ts";
import type { Firestore } from "../../../../shared/ports/database.ts";
import { earnings } from "../../../support/races/earnings.ts";
import { startEmptyDatabase } from "../../../support/stored/empty-database.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

let empty: Awaited<ReturnType<typeof startEmptyDatabase>>;
let firestore: Firestore;
let payouts: ReturnType<typeof createPayouts>;
let wallets: ReturnType<typeof createWallets>;
let books: ReturnType<typeof earnings>;
/** Ann has $90. */
let now: Date;

beforeAll(async () => {
  empty = await startEmptyDatabase();
});
beforeEach(async () => {
  firestore = empty.next();
  payouts = createPayouts(async () => firestore);
  wallets = createWallets(async () => firestore);
  books = earnings({ firestore, clock: empty.clock });
  await books.earner("ann", 9000);
  now = new Date(Math.floor(empty.clock.nowMs()));
});
afterAll(() => empty.stop());

const later = (ms: number) => new Date(now.getTime() + ms);
/** The id of a command that is typed this long after now. */
const typed = (ms = 0) => String(BigInt(now.getTime() + ms - 1_420_070_400_000) << 22n);
const order = (fields: Partial<PayoutOrder> = {}): PayoutOrder => ({
  id: typed(),
  racerId: "ann",
  staffId: "9",
  channelId: "1",
  amount: 3000,
  currency: "usd",
  method: "stripe",
  accountId: "acct_1",
  code: undefined,
  isLeaver: false,
  ...fields,
});
const begin = (fields: Partial<PayoutOrder> = {}, at = now) =>
  payouts.begin(order(fields), {
    least: 500,
    deadline: later(MINUTE_MS),
    now: () => at,
  });
const stored = async (id: string) => (await firestore.doc(`payouts/${id}`).get()).data();
const left = async () => (await books.balances("ann"))[0]?.available;

describe("a payout is booked", () => {
  test("once for its id, and the money leaves the wallet", async () => {
    const booked = {
      outcome: "booked",
      payout: {
        id: typed(),
        racerId: "ann",
        staffId: "9",
        channelId: "1",
        amount: 3000,
        currency: "usd",
        method: "stripe",
        accountId: "acct_1",
        state: "open",
        createdAt: now,
        fundsTries: 0,
        transferId: undefined,
      },
    };
    expect(await begin()).toMatchObject(booked);
    expect(await begin({ amount: 4000 })).toMatchObject(booked);
    expect(await left()).toBe(6000);
  });

  test("for everything available if no amount is given, and only from the minimum on", async () => {
    expect(await begin({ amount: 500 })).toMatchObject({ outcome: "booked" });
    expect(await begin({ id: typed(1), amount: undefined })).toMatchObject({
      outcome: "booked",
      payout: { amount: 8500 },
    });
    expect(await left()).toBe(0);
  });

  test("for someone who leaves only in full, however little it is", async () => {
    const leaver = { isLeaver: true };
    expect(await begin({ ...leaver, id: typed(1) })).toEqual({
      outcome: "not-all",
      available: 9000,
    });
    expect(await begin({ ...leaver, id: typed(2), amount: 9000 })).toMatchObject({
      outcome: "booked",
    });
    await books.earner("ann", 100);
    now = new Date(Math.floor(empty.clock.nowMs()));
    expect(await begin({ ...leaver, id: typed(3), amount: undefined })).toMatchObject({
      outcome: "booked",
      payout: { amount: 100 },
    });
    expect(await left()).toBe(0);
  });

  test("and closes the racer's request, which a refused payout does not", async () => {
    await wallets.request("ann", "r1", now);
    await begin({ id: typed(1), amount: 1 });
    expect((await wallets.get("ann")).request).toEqual({ id: "r1", at: now });
    await begin({ id: typed(2) });
    expect((await wallets.get("ann")).request).toBeUndefined();
  });
});

describe("a payout is refused, also when its command is redelivered", () => {
  test.each([
    ["of less than the minimum", { amount: 499 }, { outcome: "too-little", available: 0 }],
    ["of more than is available", { amount: 9001 }, { outcome: "too-much", available: 9000 }],
    ["without an account", { accountId: undefined }, { outcome: "no-account" }],
  ])("%s", async (_what, fields, refusal) => {
    expect(await begin(fields)).toMatchObject(refusal);
    expect(await begin()).toMatchObject(refusal);
    expect(await left()).toBe(9000);
  });

  test("of nothing", async () => {
    expect(await begin({ racerId: "bob", amount: undefined, isLeaver: true })).toEqual({
      outcome: "too-much",
      available: 0,
    });
  });

  test("after its deadline, to the millisecond", async () => {
    expect(await begin({}, later(MINUTE_MS + 1))).toEqual({ outcome: "too-late", available: 0 });
    expect(await begin({ id: typed(1) }, later(MINUTE_MS))).toMatchObject({ outcome: "booked" });
  });

  test("if an identical newer command was seen, or an older one has paid it", async () => {
    await begin({ id: typed(2000) });
    for (const _again of [1, 2]) {
      expect(await begin({ id: typed(1000) })).toEqual({
        outcome: "superseded",
        available: 0,
        otherId: typed(2000),
      });
    }
    expect(await begin({ id: typed(3000) })).toEqual({
      outcome: "just-paid",
      available: 0,
      otherId: typed(2000),
    });
    expect(await begin({ id: typed(4000), amount: 3001 })).toMatchObject({ outcome: "booked" });
  });

  test("but not if the older one was returned", async () => {
    await begin();
    await payouts.returned(typed(), "other", now);
    expect(await left()).toBe(9000);
    expect(await begin({ id: typed(1000) })).toMatchObject({ outcome: "booked" });
  });
});

describe("a code", () => {
  test("is deleted once it is delivered, and the first way of delivery stays recorded", async () => {
    await begin({ method: "gift-card", accountId: undefined, code: "C-1" });
    expect(await payouts.get(typed())).toMatchObject({ code: "C-1" });
    expect(await payouts.codeDelivered(typed(), "by-hand")).toMatchObject({
      code: undefined,
      codeDelivery: "by-hand",
    });
    expect(await payouts.codeDelivered(typed(), "dm")).toMatchObject({ codeDelivery: "by-hand" });
  });

  test("of a finished payout is not delivered any more", async () => {
    await begin({ code: "C-1" });
    await payouts.finish(typed(), true, now);
    expect(await payouts.codeDelivered(typed(), "dm")).toMatchObject({ codeDelivery: undefined });
  });
});

describe("a payout", () => {
  beforeEach(async () => {
    await begin();
  });

  test("that waits for funds counts each attempt once, while it is open", async () => {
    expect(await payouts.waitsForFunds(typed(), 0, now)).toMatchObject({ fundsTries: 1 });
    expect(await payouts.waitsForFunds(typed(), 0, later(1))).toMatchObject({
      fundsTries: 1,
      fundsTriedAt: now,
    });
    await payouts.finish(typed(), true, now);
    expect(await payouts.waitsForFunds(typed(), 1, now)).toMatchObject({ fundsTries: 1 });
  });

  test("is finished once, and stays finished", async () => {
    expect(await payouts.finish(typed(), true, now)).toMatchObject({
      state: "done",
      isNotified: true,
    });
    expect(await payouts.finish(typed(), false, now)).toMatchObject({ isNotified: true });
  });

  test("is not returned once it is transferred or done, unless the transfer was reversed", async () => {
    await payouts.transferred(typed(), "tr_1");
    expect(await payouts.returned(typed(), "other", now)).toMatchObject({ state: "open" });
    await payouts.finish(typed(), true, now);
    expect(await payouts.returned(typed(), "other", now)).toMatchObject({ state: "done" });
    expect(await left()).toBe(6000);
    const back = { state: "returned", refusal: "reversed" };
    expect(await payouts.returned(typed(), "reversed", now)).toMatchObject(back);
    expect(await payouts.returned(typed(), "reversed", now)).toMatchObject(back);
    expect(await stored(typed())).toMatchObject(back);
    expect(await left()).toBe(9000);
  });

  test("that an operator reversed by hand is not returned again", async () => {
    await payouts.finish(typed(), true, now);
    const corrections = createCorrections(async () => firestore);
    const note = { reason: "sent back", author: "op" };
    await corrections.reverse(`payout.${typed()}`, note, now);
    expect(await payouts.returned(typed(), "reversed", now)).toMatchObject({ state: "done" });
    expect(await left()).toBe(9000);
  });

  test("counts towards the total of its year and currency, unless it was returned", async () => {
    const since = (at: Date, currency = "usd") => payouts.paidSince("ann", currency, at);
    expect(await since(now)).toBe(3000);
    await begin({ id: typed(1), amount: 2000 });
    expect(await since(now)).toBe(5000);
    expect(await since(later(1))).toBe(0);
    expect(await since(now, "eur")).toBe(0);
    expect(await payouts.paidSince("bob", "usd", now)).toBe(0);
    await payouts.returned(typed(1), "other", now);
    expect(await since(now)).toBe(3000);
  });

  test("can be found by its transfer, and is listed while it is unfinished", async () => {
    expect(await payouts.transfersSince(now)).toEqual(new Map());
    await payouts.transferred(typed(), "tr_1");
    expect(await payouts.transfersSince(now)).toEqual(new Map([[typed(), "tr_1"]]));
    expect(await payouts.transfersSince(later(1))).toEqual(new Map());
    const unfinished = async (at: Date) => (await payouts.unfinished(at)).map(({ id }) => id);
    expect(await unfinished(now)).toEqual([typed()]);
    expect(await unfinished(later(-1))).toEqual([]);
    await payouts.finish(typed(), true, now);
    expect(await unfinished(now)).toEqual([]);
  });
});

describe("a transfer at Stripe that names a payout", () => {
  const compare = async (fields: Partial<StripeTransfer> = {}, payoutId = typed()) => {
    const transfer = { id: "tr_1", amount: 3000, amountReversed: 0, currency: "usd" };
    const known = { ...transfer, accountId: "acct_1", ...fields } as StripeTransfer;
    const deps = { payouts } as unknown as ReconcilePayoutDeps;
    return (await comparePayoutTransfer(known, payoutId, deps))?.what;
  };

  test("must name a payout that exists", async () => {
    expect(await compare({}, "none")).toContain("we know no such payout");
  });

  test("is consistent while its payout is being made, and afterwards", async () => {
    await begin();
    expect(await compare()).toBeUndefined();
    await payouts.transferred(typed(), "tr_1");
    expect(await compare()).toBeUndefined();
    await payouts.finish(typed(), true, now);
    expect(await compare()).toBeUndefined();
  });

  test("must be the only one, with the payout's amount and currency, to its account", async () => {
    await begin();
    await payouts.transferred(typed(), "tr_1");
    expect(await compare({ id: "tr_2" })).toContain("it was paid by tr_1 instead");
    for (const fields of [{ amount: 3001 }, { currency: "eur" }, { accountId: "acct_2" }]) {
      expect(await compare(fields)).toContain("not 3000 usd to acct_1");
    }
    expect(await compare({ amountReversed: 1 })).toContain("1 of it was reversed by hand");
  });

  test("of a returned payout must be reversed in full", async () => {
    await begin();
    await payouts.returned(typed(), "other", now);
    expect(await compare({ amountReversed: 3000 })).toBeUndefined();
    expect(await compare({ amountReversed: 2999 })).toContain("and was transferred too");
  });

  test("is reported as missing if a payout names it and Stripe does not have it", async () => {
    await begin();
    await payouts.transferred(typed(), "tr_1");
    const missing = async (since: Date, atStripe: readonly string[]) =>
      (await payoutsWithoutTransfer(since, { payouts }))(new Set(atStripe)).map(({ id }) => id);
    expect(await missing(later(-MINUTE_MS), ["tr_2"])).toEqual(["tr_1"]);
    expect(await missing(later(-MINUTE_MS), ["tr_1"])).toEqual([]);
    // Stripe's clock may be behind ours.
    expect(await missing(later(1 - MINUTE_MS), [])).toEqual([]);
  });
});

describe("a wallet", () => {
  test("has the newest tax note", async () => {
    const note = { status: "missing", note: undefined, byId: "9", at: now } as const;
    await wallets.noteTax("ann", note);
    expect((await wallets.get("ann")).tax).toEqual(note);
    const newest = { ...note, status: "w-9", note: "on file" } as const;
    await wallets.noteTax("ann", newest);
    expect((await wallets.get("ann")).tax).toEqual(newest);
    expect(await wallets.get("bob")).toMatchObject({ tax: undefined, request: undefined });
  });

  test("has one request a day, and a redelivery returns the same one", async () => {
    expect(await wallets.request("ann", "r1", now)).toBe("asked");
    expect(await wallets.request("ann", "r1", later(1))).toBe("asked");
    expect(await wallets.request("ann", "r2", later(DAY_MS - 1))).toBe("again");
    expect((await wallets.get("ann")).request).toEqual({ id: "r1", at: now });
    expect(await wallets.request("ann", "r3", later(DAY_MS))).toBe("asked");
    expect((await wallets.get("ann")).request).toEqual({ id: "r3", at: later(DAY_MS) });
  });
});
