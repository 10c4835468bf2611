import { failures } from "./failure.ts";

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
const FRACTION_DIGITS = 17;

/** The 64-bit integer a text spells exactly as Redis would write it, or undefined. */
export function parseInteger(text: string): bigint | undefined {
  if (text.length > 20 || !/^(0|-?[1-9]\d*)$/.test(text)) return undefined;
  const value = BigInt(text);
  return inInt64(value) ? value : undefined;
}

/** As `parseInteger`; throws Redis's refusal of anything else. */
export function integer(text: string): bigint {
  const value = parseInteger(text);
  if (value === undefined) throw failures.notAnInteger();
  return value;
}

/** An integer used as a count, an index or a time, where digits beyond 2^53 make no difference. */
export function count(text: string): number {
  return Number(integer(text));
}

export function inInt64(value: bigint): boolean {
  return value >= MIN_INT64 && value <= MAX_INT64;
}

/** An integer as a reply: a plain number wherever one can hold it. */
export function integerReply(value: bigint): number | bigint {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

/** A floating-point number as Redis reads one, infinities included; throws `failure` for anything else. */
export function float(text: string, failure: () => Error = failures.notAFloat): number {
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text);
  if (infinite) return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw failure();
  return Number(text);
}

/** A number as Redis writes scores: the shortest text that reads back the same. */
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
 * The sum of two numbers as INCRBYFLOAT writes it: decimal, so that 0.1 + 0.2 is 0.3, with at most
 * seventeen digits behind the point and no zeros at the end. Undefined when the sum is not finite.
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

/** A decimal text times 10^17, cut off behind the last digit that counts. */
function scale(text: string): bigint {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const shift = FRACTION_DIGITS + Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction || "0");
  const scaled = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
  return sign === "-" ? -scaled : scaled;
}
