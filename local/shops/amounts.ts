/** Decimal places where there are not two. */
const DECIMALS: Readonly<Record<string, number>> = { JPY: 0, KRW: 0, VND: 0, KWD: 3, BHD: 3 };

/** Minor units as shops write them: 1250 and "USD" give "12.50". */
export function decimalText(minor: number, currency: string): string {
  const decimals = DECIMALS[currency] ?? 2;
  const digits = String(minor).padStart(decimals + 1, "0");
  if (decimals === 0) return digits;
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** An amount cut in proportion to others; what does not divide is the last one's. */
export function allot(amount: number, weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let left = amount;
  return weights.map((weight, index) => {
    const isLast = index === weights.length - 1;
    const part = isLast ? left : total === 0 ? 0 : Math.floor((amount * weight) / total);
    left -= part;
    return part;
  });
}
