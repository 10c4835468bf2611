import { describe, expect, test } from "@jest/globals";
import {
  leftByCurrency,
  leftOf,
  nextReversal,
  reversedFor,
  stepOf,
  sumsAfterReversal,
} from "../../../../functions/shop/domain/debt.ts";

const NOW = new Date("2026-03-01T12:00:00Z");

describe("what is left of debts", () => {
  test("is what nothing has settled", () => {
    expect(leftOf({ amount: 500, settled: 120 })).toBe(380);
    expect(leftOf({ amount: 500, settled: 500 })).toBe(0);
  });

  test("is summed by currency", () => {
    const debts = [
      { currency: "usd", amount: 500, settled: 120 },
      { currency: "eur", amount: 40, settled: 0 },
      { currency: "usd", amount: 7, settled: 0 },
    ];
    expect(leftByCurrency(debts)).toEqual(
      new Map([
        ["usd", 387],
        ["eur", 40],
      ]),
    );
  });
});

describe("a reversal", () => {
  const debt = { amount: 500, settled: 120 };

  test("is of all that is left, or of as much as it may be", () => {
    const all = nextReversal(debt, 0, Number.POSITIVE_INFINITY, NOW);
    expect(all).toEqual({ attempt: 1, amount: 380, decidedAt: NOW });
    expect(nextReversal(debt, 2, 100, NOW)).toEqual({ attempt: 3, amount: 100, decidedAt: NOW });
  });

  test.each([
    { minutes: -1, step: "make" },
    { minutes: 0, step: "make" },
    { minutes: 12 * 60 - 1 / 60_000, step: "make" },
    { minutes: 12 * 60, step: "wait" },
    { minutes: 12 * 60 + 30 - 1 / 60_000, step: "wait" },
    { minutes: 12 * 60 + 30, step: "look" },
    { minutes: 48 * 60, step: "look" },
  ])(
    "may be made for half a day, and is only looked for after a pause: %p",
    ({ minutes, step }) => {
      const decidedAt = new Date(NOW.getTime() - minutes * 60_000);
      expect(stepOf({ attempt: 1, amount: 380, decidedAt }, NOW)).toBe(step);
    },
  );

  test("settles what it took back, and no more", () => {
    expect(sumsAfterReversal({ settled: 120, reversed: 50 }, 30)).toEqual({
      settled: 150,
      reversed: 80,
    });
    expect(sumsAfterReversal({ settled: 120, reversed: 50 }, 0)).toEqual({
      settled: 120,
      reversed: 50,
    });
  });

  test("counts as made while it is under way", () => {
    const underWay = { attempt: 2, amount: 30, decidedAt: NOW };
    expect(
      reversedFor([
        { reversed: 50, reversal: underWay },
        { reversed: 7, reversal: undefined },
      ]),
    ).toBe(87);
  });
});
