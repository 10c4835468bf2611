import { failures } from "./failure.ts";

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

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
