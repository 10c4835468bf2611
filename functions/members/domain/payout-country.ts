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

const names = new Intl.DisplayNames(["en"], { type: "region" });

/** A country's name in English. */
export function countryName(code: string): string {
  return names.of(code) ?? code;
}

/** A country as the commands offer it. */
export interface Country {
  /** ISO 3166-1, two capital letters. */
  readonly code: string;
  readonly name: string;
}

/** Countries that Stripe opens payout accounts in, those of the cross-border region first. */
export const payoutCountries: readonly Country[] = [CROSS_BORDER, DOMESTIC].flatMap((codes) =>
  codes
    .map((code) => ({ code, name: countryName(code) }))
    .toSorted((one, other) => one.name.localeCompare(other.name)),
);

/** Other words people type for a country. */
const ALIASES: Readonly<Record<string, string>> = {
  uk: "GB",
  "great britain": "GB",
  england: "GB",
  scotland: "GB",
  wales: "GB",
  usa: "US",
  america: "US",
  holland: "NL",
  "the netherlands": "NL",
  "czech republic": "CZ",
  uae: "AE",
};

/** The country that someone picked or typed, by code or name; undefined if Stripe does not operate there. */
export function readCountry(typed: string): Country | undefined {
  const sought = typed.trim().toLowerCase();
  const code = ALIASES[sought] ?? sought.toUpperCase();
  return payoutCountries.find((each) => each.code === code || each.name.toLowerCase() === sought);
}

/** The countries whose sellers a platform can pay. */
export function countriesPaidFrom(platform: string): readonly Country[] {
  const reach = CROSS_BORDER.includes(platform) ? CROSS_BORDER : [platform];
  return payoutCountries.filter(({ code }) => reach.includes(code));
}
