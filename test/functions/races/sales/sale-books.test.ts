import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createSales } from "../../../../functions/races/store/sales/sales.ts";
import type { Firestore } from "../../../../shared/ports/database.ts";
import { earnings } from "../../../support/races/earnings.ts";
import { startEmptyDatabase } from "../../../support/stored/empty-database.ts";

let empty: Awaited<ReturnType<typeof startEmptyDatabase>>;
let firestore: Firestore;
let sales: ReturnType<typeof createSales>;
let books: ReturnType<typeof earnings>;
let lobbyId: string;

beforeAll(async () => {
  empty = await startEmptyDatabase();
});
beforeEach(async () => {
  firestore = empty.next();
  sales = createSales(async () => firestore);
  books = earnings({ firestore, clock: empty.clock });
  lobbyId = await books.race(["ann"]);
});
afterAll(() => empty.stop());

const now = () => new Date(Math.floor(empty.clock.nowMs()));
const refund = (saleId: string, id: string, amount: number, fields: object = {}) =>
  sales.refund({ saleId, id, amount, currency: "usd", ...fields }, now());
const refundedOf = async (saleId: string) => (await sales.get(saleId))?.refunded;

describe("what a refund took back of a sale", () => {
  test("is recorded separately from other refunds, with the time at which it was reported", async () => {
    const saleId = await books.sell(lobbyId, 1000);
    await refund(saleId, "a", 300);
    await refund(saleId, "b", 200);
    const clawback = await sales.clawback(saleId, "b");
    expect(clawback).toMatchObject({ sale: { id: saleId, refunded: 500 }, without: 300 });
    expect(clawback?.at).toEqual(expect.any(Date));
  });

  test("is nothing if there is no such refund or sale", async () => {
    const saleId = await books.sell(lobbyId, 1000);
    expect(await sales.clawback(saleId, "none")).toBeUndefined();
    await refund("kofi:unknown", "early", 100);
    expect(await sales.clawback("kofi:unknown", "early")).toBeUndefined();
  });

  test("is the amount that was last reported, and is booked once", async () => {
    const saleId = await books.sell(lobbyId, 1000);
    await refund(saleId, "a", 300);
    await refund(saleId, "a", 300);
    expect(await refundedOf(saleId)).toBe(300);
    await refund(saleId, "a", 500);
    await refund(saleId, "a", 400);
    expect(await refundedOf(saleId)).toBe(500);
    expect(await sales.findRefund(saleId, "a")).toMatchObject({ saleId, amount: 500 });
    expect(await sales.findRefund(saleId, "none")).toBeUndefined();
    await refund(saleId, "a", 100, { turn: 1 });
    expect(await refundedOf(saleId)).toBe(100);
  });

  test("counts with its race, whole or in part", async () => {
    const [first = ""] = [await books.sell(lobbyId, 1000), await books.sell(lobbyId, 500)];
    expect(await sales.countOfLobby(lobbyId)).toBe(2);
    expect(await sales.countRefundedOfLobby(lobbyId)).toBe(0);
    await refund(first, "a", 1);
    expect(await sales.countRefundedOfLobby(lobbyId)).toBe(1);
    expect((await sales.ofLobby(lobbyId, 1)).length).toBe(1);
  });
});

describe("a refund before its sale", () => {
  const sale = () => ({
    id: "kofi:late",
    provider: "kofi" as const,
    base: 1000,
    currency: "usd",
    soldAt: now(),
    lobbyId,
    title: "A keycap",
  });

  test("waits for it, is deducted when it arrives, and no longer waits", async () => {
    expect(await refund("kofi:late", "a", 300)).toBeUndefined();
    const [missed, ...others] = await sales.missedSince(now());
    expect(missed).toMatchObject({ saleId: "kofi:late" });
    expect(others).toEqual([]);
    await sales.book(sale(), { holdDays: 0, now: now() });
    expect(await refundedOf("kofi:late")).toBe(300);
    expect(await sales.missed()).toEqual([]);
    expect(await books.balances("ann")).toMatchObject([{ available: 700 }]);
  });

  test("is reported to the operators once, and stays listed with its time", async () => {
    await refund("kofi:late", "a", 300);
    const [missed] = await sales.missedSince(now());
    await sales.missedIsNotified("kofi:late");
    expect(await sales.missedSince(now())).toEqual([]);
    await sales.missedIsNotified("kofi:late");
    expect(await sales.missed()).toEqual([missed]);
    await sales.missedIsNotified("kofi:unknown");
    expect(await sales.missed()).toHaveLength(1);
  });

  test("waits since the first of several", async () => {
    await refund("kofi:late", "a", 300);
    const first = await sales.missedSince(now());
    await empty.clock.advance(60_000);
    await refund("kofi:late", "b", 100);
    expect(await sales.missedSince(now())).toEqual(first);
  });
});
