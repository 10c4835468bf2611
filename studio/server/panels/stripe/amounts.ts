/** The digits after the point of a currency's amounts. */
function digitsOf(currency: string): number {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

/** Minor units as people write them: "$12.50". */
export function fromMinor(amount: number, currency: string): string {
  const format = new Intl.NumberFormat("en-US", { style: "currency", currency });
  return format.format(amount / 10 ** digitsOf(currency));
}

/** What somebody typed in minor units; undefined for nothing. Throws for what is no amount. */
export function toMinor(typed: string, currency: string): number | undefined {
  if (typed.trim() === "") return undefined;
  const major = Number(typed.replace(/[$€£\s]/g, "").replace(",", "."));
  if (!(major >= 0)) throw new Error(`"${typed}" is not an amount, such as 12.50.`);
  return Math.round(major * 10 ** digitsOf(currency));
}
