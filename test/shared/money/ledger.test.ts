import { describe, expect, test } from "@jest/globals";
import {
  leastPayout,
  payoutReturnTransaction,
  payoutTransaction,
} from "../../../functions/races/domain/payout.ts";
import { adjustmentTransaction, reversalTransaction } from "../../../shared/money/correction.ts";
import {
  assertBalanced,
  type LedgerTransaction,
  type Posting,
} from "../../../shared/money/ledger.ts";

const AT = new Date("2026-11-01T20:00:00Z");
const posting = (account: Posting["account"], amount: number): Posting => ({
  account,
  amount,
  availableAt: AT,
  lobbyId: undefined,
});
const transaction = (...postings: Posting[]): LedgerTransaction => ({
  id: "t",
  kind: "sale",
  at: AT,
  currency: "usd",
  saleId: undefined,
  postings,
});
const amountsOf = ({ postings }: LedgerTransaction) =>
  postings.map(({ account, amount }) => [account, amount]);

describe("a transaction", () => {
  test("whose postings sum to zero is valid", () => {
    const two = transaction(posting("platform", 5), posting("racer:1", -5));
    const three = transaction(
      posting("platform", 5),
      posting("racer:1", -3),
      posting("payouts", -2),
    );
    for (const balanced of [two, three]) expect(() => assertBalanced(balanced)).not.toThrow();
  });

  test.each([
    ["sum to more", [posting("platform", 5), posting("racer:1", -4)]],
    ["sum to less", [posting("platform", 4), posting("racer:1", -5)]],
    ["are one-sided", [posting("platform", 1)]],
    ["move nothing", [posting("platform", 0)]],
    [
      "include a zero amount",
      [posting("platform", 1), posting("racer:1", -1), posting("payouts", 0)],
    ],
    ["have fractions", [posting("platform", 0.5), posting("racer:1", -0.5)]],
    ["exceed safe integers", [posting("platform", 2 ** 53), posting("racer:1", -(2 ** 53))]],
    ["are not numbers", [posting("platform", Number.NaN)]],
  ])("whose postings %s is refused", (_what, postings) => {
    expect(() => assertBalanced(transaction(...postings))).toThrow(RangeError);
  });

  test("says by how much its postings are off", () => {
    const off = transaction(posting("platform", 5), posting("racer:1", -3));
    expect(() => assertBalanced(off)).toThrow("sum to 2,");
  });
});

describe("money that is booked by hand or paid out", () => {
  const note = { reason: "why", author: "who" };
  const request = {
    id: "7",
    racerId: "1",
    staffId: "2",
    channelId: undefined,
    amount: 250,
    currency: "usd",
    method: "store-credit" as const,
    accountId: undefined,
    code: undefined,
  };

  test("comes from the platform, or goes to it", () => {
    const given = { id: "a", racerId: "1", amount: 300, currency: "usd" };
    const adjustment = adjustmentTransaction(given, note, AT);
    expect(amountsOf(adjustment)).toEqual([
      ["racer:1", 300],
      ["platform", -300],
    ]);
    const reversed = reversalTransaction(adjustment, note, AT);
    expect(reversed).toMatchObject({ kind: "adjustment", reverses: adjustment.id });
    expect(amountsOf(reversed)).toEqual([
      ["racer:1", -300],
      ["platform", 300],
    ]);
    for (const each of [adjustment, reversed]) expect(() => assertBalanced(each)).not.toThrow();
  });

  test("leaves the wallet, and comes back to it if it is returned or reversed", () => {
    const out = payoutTransaction(request, AT);
    expect(out.kind).toBe("payout");
    expect(amountsOf(out)).toEqual([
      ["racer:1", -250],
      ["payouts", 250],
    ]);
    const back = payoutReturnTransaction(request, AT);
    expect(back.kind).toBe("payout-returned");
    const reversed = reversalTransaction(out, note, AT);
    expect(reversed.kind).toBe("payout-returned");
    for (const each of [back, reversed]) {
      expect(amountsOf(each)).toEqual([
        ["racer:1", 250],
        ["payouts", -250],
      ]);
    }
  });

  test("has a minimum amount only if one is set for its currency", () => {
    expect(leastPayout(new Map([["usd", 2500]]), "usd")).toBe(2500);
    expect(leastPayout(new Map([["usd", 2500]]), "eur")).toBe(0);
  });
});
