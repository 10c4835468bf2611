import { StripeError } from "./requests/stripe-error.ts";

/**
 * Countries where Stripe opens accounts that accept payments, and their currencies:
 * https://stripe.com/global
 */
const CURRENCY_OF: Readonly<Record<string, string>> = {
  AE: "aed",
  AT: "eur",
  AU: "aud",
  BE: "eur",
  BG: "eur",
  BR: "brl",
  CA: "cad",
  CH: "chf",
  CY: "eur",
  CZ: "czk",
  DE: "eur",
  DK: "dkk",
  EE: "eur",
  ES: "eur",
  FI: "eur",
  FR: "eur",
  GB: "gbp",
  GR: "eur",
  HK: "hkd",
  HR: "eur",
  HU: "huf",
  IE: "eur",
  IT: "eur",
  JP: "jpy",
  LI: "chf",
  LT: "eur",
  LU: "eur",
  LV: "eur",
  MT: "eur",
  MX: "mxn",
  MY: "myr",
  NL: "eur",
  NO: "nok",
  NZ: "nzd",
  PL: "pln",
  PT: "eur",
  RO: "ron",
  SE: "sek",
  SG: "sgd",
  SI: "eur",
  SK: "eur",
  TH: "thb",
  US: "usd",
};

/**
 * Within these countries platforms and accounts can be combined freely; elsewhere both must be in
 * the same country.
 */
const CROSS_BORDER = new Set(
  "AT BE BG CA CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IT LI LT LU LV MT NL NO PL PT RO SE SI SK US".split(
    " ",
  ),
);

/** The payout currency of an account in this country. */
export function currencyOf(country: string): string {
  return CURRENCY_OF[country] ?? "usd";
}

/**
 * Throws when Stripe does not allow this platform an account in this country, or with these
 * capabilities:
 * https://docs.stripe.com/connect/cross-border-payouts,
 * https://docs.stripe.com/connect/account-capabilities
 */
export function requireAllowedAccount(
  platform: string,
  country: string,
  wanted: { readonly takesTransfers: boolean; readonly takesCards: boolean },
): void {
  const isAllowed =
    platform === country || (CROSS_BORDER.has(platform) && CROSS_BORDER.has(country));
  if (!CURRENCY_OF[country] || !isAllowed) {
    throw new StripeError(
      `Connected accounts in ${country} cannot be created by platforms in ${platform}. Please contact us via https://support.stripe.com/contact if you need further assistance.`,
      { param: "country" },
    );
  }
  if (!wanted.takesTransfers || wanted.takesCards) return;
  throw new StripeError(
    country === "US"
      ? "You cannot request the `transfers` capability without the `card_payments` capability for accounts in US."
      : "Your platform needs approval for accounts to have requested the `transfers` capability without the `card_payments` capability. If you would like to request transfers without card_payments, please contact us via https://support.stripe.com/contact.",
    { param: "requested_capabilities" },
  );
}
