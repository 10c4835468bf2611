import { describe, expect, test } from "@jest/globals";
import {
  leftByCurrency,
  leftOf,
  nextReversal,
  reversedFor,
  sumsAfterReversal,
} from "../../../../functions/shop/domain/debt.ts";

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
    expect(nextReversal(debt, 0, Number.POSITIVE_INFINITY)).toEqual({ attempt: 1, amount: 380 });
    expect(nextReversal(debt, 2, 100)).toEqual({ attempt: 3, amount: 100 });
  });

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
    const underWay = { attempt: 2, amount: 30 };
    expect(
      reversedFor([
        { reversed: 50, reversal: underWay },
        { reversed: 7, reversal: undefined },
      ]),
    ).toBe(87);
  });
});
