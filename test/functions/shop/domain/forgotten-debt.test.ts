import { describe, expect, test } from "@jest/globals";
import {
  chargeableUntil,
  forgottenDebtTransaction,
  NOTHING_OWED,
  negated,
  owesNothing,
  plus,
  plusOwed,
  toMove,
  tombstoneExpiry,
} from "../../../../functions/shop/domain/forgotten-debt.ts";
import { assertBalanced } from "../../../../shared/money/ledger.ts";

const DAY_MS = 24 * 3_600_000;
const NOW = new Date("2026-11-01T00:00:00Z");
const inDays = (days: number) => new Date(NOW.getTime() + days * DAY_MS);

describe("a tombstone is stored", () => {
  test("until nothing can be charged back any more: 120 days to dispute, and 90 to decide", () => {
    expect(chargeableUntil(NOW)).toEqual(inDays(210));
    expect(tombstoneExpiry(NOTHING_OWED, inDays(210), NOW)).toEqual(inDays(210));
    expect(tombstoneExpiry(NOTHING_OWED, inDays(-1), NOW)).toEqual(NOW);
  });

  test("for three years while there is a debt of either kind", () => {
    const debts = [
      { asRacer: { usd: 1 }, asBuilder: {} },
      { asRacer: {}, asBuilder: { usd: 1 } },
      { asRacer: { usd: 1 }, asBuilder: { usd: 1 } },
    ];
    for (const owed of debts) {
      expect(owesNothing(owed)).toBe(false);
      expect(tombstoneExpiry(owed, inDays(210), NOW)).toEqual(inDays(3 * 365));
      expect(tombstoneExpiry(owed, inDays(4000), NOW)).toEqual(inDays(4000));
    }
    expect(owesNothing(NOTHING_OWED)).toBe(true);
  });
});

test("amounts are summed by currency, and zero sums are omitted", () => {
  expect(plus({ usd: 5, eur: 2 }, { usd: -5, eur: 1, gbp: 7 })).toEqual({ eur: 3, gbp: 7 });
  expect(plus({}, {})).toEqual({});
});

test("debts of both kinds are summed apart, and a sum with the opposite sign leaves nothing", () => {
  const owed = { asRacer: { usd: 5, eur: 2 }, asBuilder: { usd: 7 } };
  const more = { asRacer: { usd: 1 }, asBuilder: { gbp: 4 } };
  expect(plusOwed(owed, more)).toEqual({
    asRacer: { usd: 6, eur: 2 },
    asBuilder: { usd: 7, gbp: 4 },
  });
  expect(plus(owed.asRacer, negated(owed.asRacer))).toEqual({});
});

describe("the debt of a forgotten person", () => {
  test("is their whole negative balance", () => {
    expect(toMove({ usd: -300, eur: 0 }, {})).toEqual({ usd: 300 });
    expect(toMove({ usd: -300 }, { usd: 200 })).toEqual({ usd: 300 });
  });

  test("is reduced by money that returns, at most by what was moved before", () => {
    expect(toMove({ usd: 50 }, { usd: 200 })).toEqual({ usd: -50 });
    expect(toMove({ usd: 250 }, { usd: 200 })).toEqual({ usd: -200 });
    expect(toMove({ usd: 250 }, {})).toEqual({});
  });

  test("moves from their account to the common one, in postings that sum to zero", () => {
    const debt = { id: "t", userId: "1", currency: "usd", amount: 300 };
    const moved = forgottenDebtTransaction(debt, NOW);
    expect(() => assertBalanced(moved)).not.toThrow();
    expect(moved.postings.map(({ account, amount }) => [account, amount])).toEqual([
      ["racer:1", 300],
      ["forgotten", -300],
    ]);
  });
});
