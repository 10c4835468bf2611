import { failures } from "./failure.ts";

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
const FRACTION_DIGITS = 17;

/** Parses a 64-bit integer in exactly the format in which Redis writes it; otherwise undefined. */
export function parseInteger(text: string): bigint | undefined {
  if (text.length > 20 || !/^(0|-?[1-9]\d*)$/.test(text)) return undefined;
  const value = BigInt(text);
  return inInt64(value) ? value : undefined;
}

/** Like `parseInteger`, but throws Redis's error. */
export function integer(text: string): bigint {
  const value = parseInteger(text);
  if (value === undefined) throw failures.notAnInteger();
  return value;
}

/**
 * Parses an integer used as a count, an index or a time, where precision beyond 2^53 does not
 * matter.
 */
export function count(text: string): number {
  return Number(integer(text));
}

export function inInt64(value: bigint): boolean {
  return value >= MIN_INT64 && value <= MAX_INT64;
}

/** An integer as a reply: a plain number whenever it is exact. */
export function integerReply(value: bigint): number | bigint {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

/**
 * Parses a floating-point number as Redis does, infinities included. Throws `failure` for anything
 * else.
 */
export function float(text: string, failure: () => Error = failures.notAFloat): number {
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text);
  if (infinite) return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw failure();
  return Number(text);
}

/** Formats a number as Redis writes scores: the shortest text that parses to the same number. */
export function formatFloat(value: number): string {
  if (Object.is(value, -0)) return "-0";
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Number.isInteger(value) && Math.abs(value) >= 1e17) {
    return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  return String(value);
}

/**
 * The sum of two numbers in the format of INCRBYFLOAT: decimal, so that 0.1 + 0.2 is 0.3, with at
 * most seventeen fractional digits and no trailing zeros. Undefined when the sum is not finite.
 */
export function addDecimals(left: string, right: string): string | undefined {
  const sum = float(left) + float(right);
  if (!Number.isFinite(sum)) return undefined;
  const scaled = scale(left) + scale(right);
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(FRACTION_DIGITS + 1, "0");
  const fraction = digits.slice(-FRACTION_DIGITS).replace(/0+$/, "");
  const whole = digits.slice(0, -FRACTION_DIGITS);
  return `${scaled < 0n ? "-" : ""}${whole}${fraction && `.${fraction}`}`;
}

/** A decimal text times 10^17, truncated. */
function scale(text: string): bigint {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const shift = FRACTION_DIGITS + Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction || "0");
  const scaled = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
  return sign === "-" ? -scaled : scaled;
}
