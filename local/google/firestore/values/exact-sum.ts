/** The smallest positive double is 2^-1074; every finite double is an integer multiple of it. */
const LEAST_EXPONENT = -1074;
/** More bits than a double has, so that the final rounding is exact. */
const PRECISION_BITS = 64n;

const view = new DataView(new ArrayBuffer(8));

/** The sum of doubles, computed exactly and rounded once, in any order; never -0. */
export function exactSum(terms: readonly number[]): number {
  const special = terms.filter((term) => !Number.isFinite(term));
  if (special.length > 0) return special.reduce((sum, term) => sum + term, 0);
  return fromMultiple(terms.reduce((sum, term) => sum + toMultiple(term), 0n));
}

function toMultiple(term: number): bigint {
  view.setFloat64(0, term);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = exponent === 0n ? fraction : (fraction | (1n << 52n)) << (exponent - 1n);
  return term < 0 ? -magnitude : magnitude;
}

function fromMultiple(multiple: bigint): number {
  const magnitude = multiple < 0n ? -multiple : multiple;
  const bits = BigInt(magnitude.toString(2).length);
  const dropped = bits > PRECISION_BITS ? bits - PRECISION_BITS : 0n;
  // A sticky bit: the truncated bits still decide between "half" and "more than half".
  const sticky = (magnitude >> dropped) << dropped === magnitude ? 0n : 1n;
  const retained = Number((magnitude >> dropped) | sticky);
  const scaled = scale(retained, Number(dropped) + LEAST_EXPONENT);
  return multiple < 0n ? -scaled : scaled;
}

/** `2 ** exponent` alone may not be finite although the product is. */
function scale(amount: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return exponent < -1000 ? amount * 2 ** exponent : amount * 2 ** half * 2 ** (exponent - half);
}
