/**
 * The currencies that the shop supports, by ISO 4217 code in lower case, with the signs that people write before or
 * after an amount, longest first.
 */
const SIGNS: Readonly<Record<string, readonly string[]>> = {
  usd: ["$"],
  eur: ["€"],
  gbp: ["£"],
  cad: ["CA$", "$"],
  aud: ["A$", "$"],
  jpy: ["¥"],
};

const BASIS_POINTS = 10_000n;

/**
 * The decimal places of currencies that do not have two, as Stripe counts them, because debts are paid through
 * Stripe. https://docs.stripe.com/currencies#zero-decimal
 */
const UNUSUAL_DECIMALS: ReadonlyMap<string, number> = new Map([
  ..."bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf"
    .split(" ")
    .map((currency) => [currency, 0] as const),
  ..."bhd jod kwd omr tnd".split(" ").map((currency) => [currency, 3] as const),
]);
const ISO_CURRENCIES: ReadonlySet<string> = new Set(
  Intl.supportedValuesOf("currency").map((currency) => currency.toLowerCase()),
);

/** The number of minor units in one major unit: 100 cents in a dollar. */
export function minorUnitsOf(currency: string): number {
  return 10 ** decimalsOf(currency);
}

function decimalsOf(currency: string): number {
  return UNUSUAL_DECIMALS.get(currency) ?? 2;
}

/** Whether this lower-case text is a currency code of ISO 4217. */
export function isCurrency(code: string): boolean {
  return ISO_CURRENCIES.has(code);
}

/** Whether the shop supports this currency. */
export function isKnownCurrency(currency: string): boolean {
  return Object.hasOwn(SIGNS, currency);
}

/**
 * Reads an amount as people write it ("12.5", "$12.50", "1,200", "1,200.00 USD") into minor units,
 * digit by digit and never through a float. Undefined for anything else: a minus sign, an exponent, more
 * decimals than the currency has, commas that do not separate thousands, more than 15 digits.
 */
export function parseAmount(text: string, currency: string): number | undefined {
  const signs = SIGNS[currency];
  if (signs === undefined) return undefined;
  const decimals = decimalsOf(currency);
  const code = new RegExp(`\\s*${currency}$`, "i");
  let bare = text.trim().replace(code, "").trim();
  const before = signs.find((sign) => bare.startsWith(sign));
  const after = signs.find((sign) => bare.endsWith(sign));
  if (before) bare = bare.slice(before.length).trim();
  else if (after) bare = bare.slice(0, -after.length).trim();
  const [, whole, fraction = ""] =
    /^(\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.(\d{1,3}))?$/.exec(bare) ?? [];
  if (whole === undefined || fraction.length > decimals) return undefined;
  return Number(`${whole.replaceAll(",", "")}${fraction.padEnd(decimals, "0")}`);
}

/**
 * Reads a decimal text from another system ("12.50") into minor units of any ISO 4217 currency in lower case, digit
 * by digit and never through a float. A currency without decimals may be written with ".00". Undefined for anything
 * else: a minus sign, an exponent, more decimals, an unknown currency.
 */
export function parseDecimal(text: string, currency: string): number | undefined {
  if (!ISO_CURRENCIES.has(currency)) return undefined;
  const decimals = decimalsOf(currency);
  const [, whole, written = ""] = /^(\d{1,12})(?:\.(\d{1,3}))?$/.exec(text) ?? [];
  const fraction = written.replace(/^00?$/, "");
  if (whole === undefined || fraction.length > decimals) return undefined;
  return Number(`${whole}${fraction.padEnd(decimals, "0")}`);
}

/**
 * Reads amounts in several currencies ("20.00 usd, 2500 jpy") into minor units by currency. Undefined unless each
 * part is an amount with a currency code, and each currency appears once.
 */
export function parseAmounts(text: string): ReadonlyMap<string, number> | undefined {
  const amounts = new Map<string, number>();
  for (const part of text.split(",")) {
    const [, decimal = "", code = ""] = /^\s*(\S+)\s+([a-z]{3})\s*$/i.exec(part) ?? [];
    const currency = code.toLowerCase();
    const amount = parseDecimal(decimal, currency);
    if (amount === undefined || amounts.has(currency)) return undefined;
    amounts.set(currency, amount);
  }
  return amounts;
}

/** Formats minor units for people: 1250 and "usd" give "$12.50". */
export function formatMoney(amount: number, currency: string): string {
  const decimal = decimalOf(amount, currency) as Intl.StringNumericLiteral;
  return formatterOf(currency).format(decimal);
}

/** Formats minor units for other programs: -1250 and "usd" give "-12.50". */
export function decimalOf(amount: number, currency: string): string {
  const decimals = decimalsOf(currency);
  const digits = String(Math.abs(amount)).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const decimal = `${amount < 0 ? "-" : ""}${whole}.${digits.slice(digits.length - decimals)}`;
  return decimal.replace(/\.$/, "");
}

const formatters = new Map<string, Intl.NumberFormat>();

/** One formatter per currency: creating one takes longer than using it a hundred times. */
function formatterOf(currency: string): Intl.NumberFormat {
  const known = formatters.get(currency);
  if (known) return known;
  const places = decimalsOf(currency);
  const style = {
    style: "currency",
    currency: currency.toUpperCase(),
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  } as const;
  const formatter = new Intl.NumberFormat("en-US", style);
  formatters.set(currency, formatter);
  return formatter;
}

/** The platform's fee on a sale: a rate in basis points, and a minimum in minor units. */
export interface FeeTerms {
  readonly rateBps: number;
  readonly minimum: number;
}

/** The platform's fee on an amount, in minor units, rounded down in favour of the builder. */
export function feeOf(amount: number, { rateBps, minimum }: FeeTerms): number {
  const part = Number((BigInt(amount) * BigInt(rateBps)) / BASIS_POINTS);
  return Math.min(amount, Math.max(part, minimum));
}

/** The proportion `left` / `whole` of an amount, in minor units, rounded down; nothing of an empty whole. */
export function shareOf(amount: number, left: number, whole: number): number {
  if (whole === 0) return 0;
  return Number((BigInt(amount) * BigInt(left)) / BigInt(whole));
}
