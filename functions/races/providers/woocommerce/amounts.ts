import { isCurrency, minorUnitsOf } from "../../../../shared/money/money.ts";

/** Digits behind the point that are kept: a shop may calculate with up to eight. */
const PLACES = 8;
const SCALE = 10n ** BigInt(PLACES);
const AMOUNT = /^(-?)(\d{1,12})(?:\.(\d{1,8}))?$/;

/** An amount as the shop wrote it, exact: hundred-millionths of a whole unit. */
export type Exact = bigint;

/**
 * Reads a total such as "12.50" or "-3.333". A shop chooses its number of decimals, whatever its currency has.
 * Undefined for anything else.
 */
export function readExact(text: string | null | undefined): Exact | undefined {
  const [, sign, whole, fraction = ""] = AMOUNT.exec(text ?? "") ?? [];
  if (whole === undefined) return undefined;
  const value = BigInt(`${whole}${fraction.padEnd(PLACES, "0")}`);
  return sign === "-" ? -value : value;
}

/** The sum, or undefined when one of them is. */
export function sumOfExact(amounts: readonly (Exact | undefined)[]): Exact | undefined {
  return amounts.reduce<Exact | undefined>(
    (sum, amount) => (sum === undefined || amount === undefined ? undefined : sum + amount),
    0n,
  );
}

/**
 * Minor units of a currency in small letters, rounded half up as the shop rounds what it charges. Undefined for a
 * negative amount, and for a currency that there is not.
 */
export function toMinorUnits(amount: Exact, currency: string): number | undefined {
  if (amount < 0n || !isCurrency(currency)) return undefined;
  return Number((amount * BigInt(minorUnitsOf(currency)) * 2n + SCALE) / (SCALE * 2n));
}
