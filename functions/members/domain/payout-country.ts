import { type Country, countriesByName, findCountry } from "../../../shared/text/countries.ts";

/**
 * Where Stripe pays sellers across a border: platform and seller anywhere in the US, the UK, the EEA,
 * Canada and Switzerland. https://docs.stripe.com/connect/cross-border-payouts
 */
const CROSS_BORDER: readonly string[] = [
  "US",
  "GB",
  "CA",
  "CH",
  "AT",
  "BE",
  "BG",
  "CY",
  "CZ",
  "DE",
  "DK",
  "EE",
  "ES",
  "FI",
  "FR",
  "GR",
  "HR",
  "HU",
  "IE",
  "IT",
  "LI",
  "LT",
  "LU",
  "LV",
  "MT",
  "NL",
  "NO",
  "PL",
  "PT",
  "RO",
  "SE",
  "SI",
  "SK",
];

/** Other countries with Stripe. Only a platform in the same country can pay their sellers. */
const DOMESTIC: readonly string[] = ["AE", "AU", "BR", "HK", "JP", "MX", "MY", "NZ", "SG", "TH"];

/** Countries that Stripe opens payout accounts in, those of the cross-border region first. */
export const payoutCountries: readonly Country[] = [CROSS_BORDER, DOMESTIC].flatMap(
  countriesByName,
);

/** The country that someone picked or typed, by code or name; undefined if Stripe does not operate there. */
export function readCountry(typed: string): Country | undefined {
  return findCountry(typed, payoutCountries);
}

/** The countries whose sellers a platform can pay. */
export function countriesPaidFrom(platform: string): readonly Country[] {
  const reach = CROSS_BORDER.includes(platform) ? CROSS_BORDER : [platform];
  return payoutCountries.filter(({ code }) => reach.includes(code));
}
