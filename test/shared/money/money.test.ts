import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  decimalOf,
  feeOf,
  formatMoney,
  parseAmount,
  parseAmounts,
  parseDecimal,
  shareOf,
} from "../../../shared/money/money.ts";

/** Every currency the shop takes, with its decimal places. */
const CURRENCIES = { usd: 2, eur: 2, gbp: 2, cad: 2, aud: 2, jpy: 0 } as const;
const currency = fc.constantFrom(...(Object.keys(CURRENCIES) as (keyof typeof CURRENCIES)[]));
/** Twelve digits before the point are read, whatever comes after it. */
const amount = fc.integer({ min: 0, max: 999_999_999_999 });
const price = fc.integer({ min: 50, max: 10_000_000 });
const rateBps = fc.integer({ min: 0, max: 5000 });

/** A charge with the series of refunds that was made of it, at most all of it. */
const refundedCharge = fc
  .tuple(price, rateBps, fc.array(fc.integer({ min: 1, max: 10_000_000 }), { maxLength: 12 }))
  .map(([charged, rate, asked]) => {
    const refunds: number[] = [];
    let left = charged;
    for (const each of asked) {
      const part = Math.min(each, left);
      if (part > 0) refunds.push(part);
      left -= part;
    }
    return { amount: charged, fee: feeOf(charged, { rateBps: rate, minimum: 0 }), refunds };
  });

describe("reading an amount", () => {
  test("what is shown to people can be typed back, to the cent, in every currency", () => {
    fc.assert(
      fc.property(amount, currency, (minor, code) => {
        expect(parseAmount(formatMoney(minor, code), code)).toBe(minor);
      }),
    );
  });

  test("each digit counts for what it is: no amount slips by a cent, as floats do", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), fc.nat(99), (whole, cents) => {
        const typed = `${whole}.${String(cents).padStart(2, "0")}`;
        expect(parseAmount(typed, "usd")).toBe(Number(BigInt(whole) * 100n + BigInt(cents)));
      }),
    );
  });

  test.each([
    ["12.5", 1250],
    ["12.50", 1250],
    ["12", 1200],
    ["$12.50", 1250],
    ["$ 12.50", 1250],
    ["12.50$", 1250],
    ["12.50 USD", 1250],
    ["12.50usd", 1250],
    ["  12.50\n", 1250],
    ["1,200", 120_000],
    ["$1,200.00 USD", 120_000],
    ["1,234,567.89", 123_456_789],
    ["0.29", 29],
    ["1.1", 110],
    ["4.35", 435],
    ["1005.01", 100_501],
    ["0", 0],
    ["007", 700],
    ["999999999999.99", 99_999_999_999_999],
  ])("%j is %d cents", (typed, cents) => {
    expect(parseAmount(typed, "usd")).toBe(cents);
  });

  test.each([
    ["nothing", ""],
    ["blanks", "   "],
    ["a sign alone", "$"],
    ["a code alone", "USD"],
    ["a negative amount", "-5"],
    ["a negative amount with its sign", "-$5.00"],
    ["a minus after the sign", "$-5"],
    ["another minus", "−5"],
    ["a plus", "+5"],
    ["accountants' brackets", "(5.00)"],
    ["an exponent", "1e3"],
    ["a small exponent", "5e-1"],
    ["no number", "NaN"],
    ["infinity", "Infinity"],
    ["hexadecimal", "0x10"],
    ["words", "twelve"],
    ["three decimals", "12.345"],
    ["a point alone", "."],
    ["a point at the end", "12."],
    ["a point at the beginning", ".50"],
    ["two points", "1.2.3"],
    ["a comma for the point", "12,50"],
    ["a comma out of place", "12,00,000"],
    ["a comma at the beginning", ",200"],
    ["a comma in the cents", "1.2,00"],
    ["four digits before a comma", "1200,000"],
    ["a blank inside", "1 200"],
    ["two signs", "$$5"],
    ["a sign on both sides", "$5$"],
    ["another currency's sign", "€5"],
    ["another currency's code", "5 EUR"],
    ["more digits than money has", "1234567890123"],
    ["an absurd amount", "9".repeat(400)],
    ["Arabic digits", "١٢"],
    ["full-width digits", "１２"],
    ["superscript", "5²"],
    ["a fraction", "½"],
    ["a line break inside", "12\n.50"],
    ["an invisible character", "12\u200b.50"],
    ["a template", "$" + "{5}"],
  ])("%s is refused", (_what, typed) => {
    expect(parseAmount(typed, "usd")).toBeUndefined();
  });

  test("yen have no cents", () => {
    expect(parseAmount("¥1,200", "jpy")).toBe(1200);
    expect(parseAmount("1200.50", "jpy")).toBeUndefined();
  });

  test("a sign behind the amount is read to its beginning", () => {
    expect(parseAmount("5 CA$", "cad")).toBe(500);
    expect(parseAmount("CA$5", "cad")).toBe(500);
  });

  test("a currency the shop does not take is refused", () => {
    for (const code of ["xyz", "", "USD", "krw"]) expect(parseAmount("5", code)).toBeUndefined();
  });

  test("any text gives a safe whole number of minor units or nothing", () => {
    const typed = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom(..."0123456789.,-+eE$€ ") }),
      fc.double().map(String),
    );
    fc.assert(
      fc.property(typed, currency, (text, code) => {
        const read = parseAmount(text, code);
        if (read === undefined) return;
        expect(Number.isSafeInteger(read)).toBe(true);
        expect(read).toBeGreaterThanOrEqual(0);
        expect(text).toMatch(/[0-9]/);
      }),
    );
  });
});

describe("reading a decimal text of another system", () => {
  test.each([
    ["3.00", "usd", 300],
    ["3", "usd", 300],
    ["3.5", "usd", 350],
    ["0.29", "eur", 29],
    ["1005.01", "gbp", 100_501],
    ["0.00", "usd", 0],
    ["999999999999.99", "usd", 99_999_999_999_999],
    ["500", "jpy", 500],
    ["500.00", "jpy", 500],
    ["500.0", "krw", 500],
    ["1.234", "kwd", 1234],
    ["1.5", "bhd", 1500],
    ["12.34", "huf", 1234],
    ["12.34", "chf", 1234],
  ])("%j of %s is %d minor units", (text, code, minor) => {
    expect(parseDecimal(text, code)).toBe(minor);
  });

  test.each([
    ["nothing", "", "usd"],
    ["a negative amount", "-3.00", "usd"],
    ["a plus", "+3.00", "usd"],
    ["three decimals of cents", "3.005", "usd"],
    ["three decimals that are none", "3.000", "usd"],
    ["cents of yen", "500.50", "jpy"],
    ["thousandths of yen that are none", "500.000", "jpy"],
    ["four decimals of fils", "1.2345", "kwd"],
    ["an exponent", "1e3", "usd"],
    ["commas", "1,200.00", "usd"],
    ["a comma for the point", "3,00", "eur"],
    ["a sign", "$3.00", "usd"],
    ["blanks around it", " 3.00", "usd"],
    ["a line's end", "3.00\n", "usd"],
    ["a point at the end", "3.", "usd"],
    ["more digits than money has", "1234567890123", "usd"],
    ["other digits", "٣.00", "usd"],
    ["a currency that is none", "3.00", "xyz"],
    ["a currency in capitals", "3.00", "USD"],
    ["no currency", "3.00", ""],
  ])("%s is refused", (_what, text, code) => {
    expect(parseDecimal(text, code)).toBeUndefined();
  });

  test("every currency that is known gives back what was written, digit by digit", () => {
    const known = Intl.supportedValuesOf("currency").map((code) => code.toLowerCase());
    fc.assert(
      fc.property(amount, fc.constantFrom(...known), (minor, code) => {
        const whole = parseDecimal("1", code) ?? 0;
        const decimals = String(whole).length - 1;
        const digits = String(minor).padStart(decimals + 1, "0");
        const [before, after] = [
          digits.slice(0, digits.length - decimals),
          digits.slice(-decimals),
        ];
        const text = decimals === 0 ? digits : `${before}.${after}`;
        expect(parseDecimal(text, code)).toBe(minor);
      }),
    );
  });
});

describe("reading amounts of several currencies", () => {
  test("gives each in its minor units", () => {
    expect(parseAmounts("20.00 usd, 2500 JPY")).toEqual(
      new Map([
        ["usd", 2000],
        ["jpy", 2500],
      ]),
    );
  });

  test.each(["", "20.00", "usd", "20 usd 30 eur", "20 usd, 30 usd", "20 usd,", "x usd", "20 xyz"])(
    "%j is refused",
    (text) => {
      expect(parseAmounts(text)).toBeUndefined();
    },
  );
});

describe("showing an amount", () => {
  test.each([
    [1250, "usd", "$12.50"],
    [5, "usd", "$0.05"],
    [0, "usd", "$0.00"],
    [120_000, "usd", "$1,200.00"],
    [-1250, "usd", "-$12.50"],
    [1250, "jpy", "¥1,250"],
    [1250, "chf", "CHF\u00a012.50"],
    [1250, "huf", "HUF\u00a012.50"],
    [1250, "kwd", "KWD\u00a01.250"],
    [1250, "krw", "₩1,250"],
    [99_999_999_999_999, "usd", "$999,999,999,999.99"],
  ])("%d of %s is %s", (minor, code, shown) => {
    expect(formatMoney(minor, code)).toBe(shown);
  });

  test.each([
    [5, "usd", "0.05"],
    [-1, "usd", "-0.01"],
    [0, "jpy", "0"],
    [1250, "kwd", "1.250"],
  ])("%d of %s is %s to other programs", (minor, code, written) => {
    expect(decimalOf(minor, code)).toBe(written);
  });
});

/** What the builder has of a charge of which `refunded` went back. */
function builderShare(charge: { amount: number; fee: number; refunded: number }): number {
  return shareOf(charge.amount - charge.fee, charge.amount - charge.refunded, charge.amount);
}

describe("splitting a charge", () => {
  test("the fee is the rate's part, rounded down, never more than the charge", () => {
    fc.assert(
      fc.property(price, fc.integer({ min: 0, max: 10_000 }), (charged, rate) => {
        const fee = feeOf(charged, { rateBps: rate, minimum: 0 });
        expect(fee).toBeGreaterThanOrEqual(0);
        expect(fee).toBeLessThanOrEqual(charged);
        const exact = BigInt(charged) * BigInt(rate);
        expect(BigInt(fee) * 10_000n <= exact).toBe(true);
        expect((BigInt(fee) + 1n) * 10_000n > exact).toBe(true);
      }),
    );
  });

  test("builder and platform have the whole between them, unrefunded to the cent", () => {
    fc.assert(
      fc.property(price, rateBps, (charged, rate) => {
        const fee = feeOf(charged, { rateBps: rate, minimum: 0 });
        expect(builderShare({ amount: charged, fee, refunded: 0 }) + fee).toBe(charged);
      }),
    );
  });

  test("after any series of partial refunds nobody has less than nothing or more than is left", () => {
    fc.assert(
      fc.property(refundedCharge, ({ refunds, ...charge }) => {
        let refunded = 0;
        let before = builderShare({ ...charge, refunded });
        for (const part of refunds) {
          refunded += part;
          const share = builderShare({ ...charge, refunded });
          const platform = charge.amount - refunded - share;
          expect(share).toBeGreaterThanOrEqual(0);
          expect(platform).toBeGreaterThanOrEqual(0);
          // What a refund takes from either side is never more than the refund, and never a gift.
          expect(before - share).toBeGreaterThanOrEqual(0);
          expect(before - share).toBeLessThanOrEqual(part);
          before = share;
        }
      }),
    );
  });

  test("how a refund was cut into parts makes no difference to what the builder keeps", () => {
    fc.assert(
      fc.property(refundedCharge, ({ refunds, ...charge }) => {
        const refunded = refunds.reduce((sum, part) => sum + part, 0);
        const share = builderShare({ ...charge, refunded });
        const exact = BigInt(charge.amount - charge.fee) * BigInt(charge.amount - refunded);
        expect(BigInt(share) * BigInt(charge.amount) <= exact).toBe(true);
        expect((BigInt(share) + 1n) * BigInt(charge.amount) > exact).toBe(true);
      }),
    );
  });

  test("a charge that went back whole leaves the builder exactly nothing", () => {
    fc.assert(
      fc.property(price, rateBps, (charged, rate) => {
        const fee = feeOf(charged, { rateBps: rate, minimum: 0 });
        expect(builderShare({ amount: charged, fee, refunded: charged })).toBe(0);
      }),
    );
  });

  test("of the smallest charge the builder has all, and of none nothing", () => {
    expect(builderShare({ amount: 1, fee: 0, refunded: 0 })).toBe(1);
    expect(builderShare({ amount: 0, fee: 0, refunded: 0 })).toBe(0);
  });

  test("amounts beyond what floats count are split exactly", () => {
    const charged = 9_007_199_254_740_991;
    expect(feeOf(charged, { rateBps: 3333, minimum: 0 })).toBe(
      Number((9_007_199_254_740_991n * 3333n) / 10_000n),
    );
    expect(builderShare({ amount: charged, fee: 1, refunded: charged - 3 })).toBe(2);
  });
});
