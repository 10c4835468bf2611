import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Account, Posting } from "../../../../shared/money/ledger.ts";
import { FROZEN, racerAccount } from "../../../../shared/money/ledger.ts";
import { addTransaction } from "../../../../shared/money/ledger-entries.ts";
import { createLedger } from "../../../../shared/money/ledger-store.ts";
import type { Firestore } from "../../../../shared/ports/database.ts";
import { startEmptyDatabase } from "../../../support/stored/empty-database.ts";

const NOW = new Date("2026-11-01T20:00:00Z");
const inDays = (days: number) => new Date(NOW.getTime() + days * 24 * 3_600_000);
const ANN = racerAccount("ann");

let empty: Awaited<ReturnType<typeof startEmptyDatabase>>;
let firestore: Firestore;
let ledger: ReturnType<typeof createLedger>;
let entries = 0;

beforeAll(async () => {
  empty = await startEmptyDatabase();
});
beforeEach(() => {
  firestore = empty.next();
  ledger = createLedger(async () => firestore);
});
afterAll(() => empty.stop());

const posting = (account: Account, amount: number, availableAt: Date): Posting => ({
  account,
  amount,
  availableAt,
  lobbyId: "a",
});

/** Books these postings unchanged. */
async function book(postings: readonly Posting[], { currency = "usd", at = NOW } = {}) {
  entries += 1;
  const entry = {
    id: `t${entries}`,
    kind: "sale",
    at,
    currency,
    saleId: undefined,
    postings,
  } as const;
  await firestore.runTransaction(async (transaction) => {
    addTransaction(firestore, transaction, entry);
  });
}
/** Moves the platform's money to someone, available from a given time. */
const give = (account: Account, amount: number, availableAt = NOW, currency = "usd", at = NOW) =>
  book([posting(account, amount, availableAt), posting("platform", -amount, availableAt)], {
    currency,
    at,
  });

describe("the ledger", () => {
  test("refuses a transaction whose postings do not sum to zero, and books none of it", async () => {
    const one = posting(ANN, 5, NOW);
    await expect(book([one, posting("platform", -4, NOW)])).rejects.toThrow(RangeError);
    await expect(book([one])).rejects.toThrow(RangeError);
    expect(await ledger.newest(ANN, 10)).toEqual([]);
    expect((await firestore.collection("ledger").get()).docs).toEqual([]);
  });

  test("ignores a transaction without postings", async () => {
    await book([]);
    expect((await firestore.collection("ledger").get()).docs).toEqual([]);
  });

  test("books a transaction once", async () => {
    await give(ANN, 5);
    entries -= 1;
    await expect(give(ANN, 5)).rejects.toThrow();
    expect(await ledger.balances(ANN, NOW)).toMatchObject([{ available: 5 }]);
  });
});

describe("a balance", () => {
  test("has a line for each currency: available, pending, frozen and lifetime earnings", async () => {
    await give(ANN, 100);
    await give(ANN, 30, inDays(1));
    await give(ANN, 7, FROZEN);
    await give(ANN, 9, NOW, "eur");
    await give(racerAccount("bob"), 1000);
    expect(await ledger.balances(ANN, NOW)).toEqual([
      { currency: "eur", available: 9, pending: 0, frozen: 0, lifetime: 9 },
      { currency: "usd", available: 100, pending: 30, frozen: 7, lifetime: 137 },
    ]);
    expect(await ledger.balances(ANN, inDays(1))).toMatchObject([
      { available: 9 },
      { available: 130, pending: 0, frozen: 7 },
    ]);
  });

  test("shows as the next release the next share that was not taken back, even after many that were", async () => {
    for (let share = 1; share <= 12; share += 1) {
      await give(ANN, 10, inDays(share));
      await give(ANN, -10, inDays(share));
    }
    expect(await ledger.nextRelease(ANN, NOW)).toBeUndefined();
    await give(ANN, 10, inDays(20));
    await give(ANN, 10, FROZEN);
    expect(await ledger.nextRelease(ANN, NOW)).toEqual(inDays(20));
    expect(await ledger.nextRelease(ANN, inDays(20))).toBeUndefined();
    expect(await ledger.nextRelease(racerAccount("bob"), NOW)).toBeUndefined();
  });
});

describe("lists of postings", () => {
  test("an account's postings are listed newest first, up to a limit, before a given time", async () => {
    for (const day of [1, 2, 3]) await give(ANN, day, NOW, "usd", inDays(day));
    const amounts = async (limit: number, before?: Date) =>
      (await ledger.newest(ANN, limit, before)).map(({ amount }) => amount);
    expect(await amounts(10)).toEqual([3, 2, 1]);
    expect(await amounts(2)).toEqual([3, 2]);
    expect(await amounts(10, inDays(3))).toEqual([2, 1]);
    expect(await ledger.newest(ANN, 1)).toMatchObject([{ transactionId: `t${entries}` }]);
  });

  test("racers and currencies are each listed once", async () => {
    for (const racer of ["bob", "ann", "ann", "cy"]) await give(racerAccount(racer), 5);
    await give(ANN, 5, NOW, "eur");
    expect(await ledger.racers(10)).toEqual(["ann", "bob", "cy"]);
    expect(await ledger.racers(2)).toEqual(["ann", "bob"]);
    expect(await ledger.currencies()).toEqual(["eur", "usd"]);
  });

  test("postings between two times sum to zero, and the first after a time is found", async () => {
    await give(ANN, 5, NOW, "usd", inDays(1));
    await give(ANN, 5, NOW, "usd", inDays(2));
    expect(await ledger.sumWithin("usd", NOW, inDays(9))).toBe(0);
    expect(await ledger.firstSince(NOW)).toEqual(inDays(1));
    expect(await ledger.firstSince(inDays(2))).toEqual(inDays(2));
    expect(await ledger.firstSince(inDays(3))).toBeUndefined();
  });

  test("a lobby's pot is the sum of what was earned in it, with each racer's part", async () => {
    await give(ANN, 5);
    await give(racerAccount("bob"), 7);
    expect(await ledger.earnedIn("a", ANN, "usd")).toBe(5);
    expect(await ledger.earnedIn("a", ANN, "eur")).toBe(0);
    expect(await ledger.earnedIn("b", ANN, "usd")).toBe(0);
  });
});
