import type { Asked, Choice } from "../../../shared/autocomplete/suggestions.ts";
import { type Country, wordsFor } from "../../../shared/text/countries.ts";
import { EUROPEAN_UNION, shippingCountries } from "../domain/countries.ts";

/** What options of commands may offer, by what the options call it in `suggest`. */
export const shippingSuggestions = {
  "ship-countries": async (asked: Asked) => choicesFrom(shippingCountries(), asked),
  "ship-country-lists": async (asked: Asked) =>
    choicesFrom([EUROPEAN_UNION, ...shippingCountries()], asked),
} as const;

/** Countries with what fits best first: a whole word, then the beginning of one, then the likeliest. */
function choicesFrom(countries: readonly Country[], { sought: typed }: Asked): readonly Choice[] {
  const sought = typed.toLowerCase();
  const fitOf = (country: Country) => {
    const words = wordsFor(country).map((word) => word.toLowerCase());
    if (words.includes(sought)) return 0;
    return words.some((word) => word.startsWith(sought)) ? 1 : 2;
  };
  return countries
    .toSorted((one, other) => fitOf(one) - fitOf(other))
    .map((country) => ({ id: country.code, label: labelOf(country, sought) }));
}

/** The name and, beside it, the word that was typed: "United Kingdom (UK)". */
function labelOf(country: Country, sought: string): string {
  const { name, code } = country;
  const isIn = (word: string) => word.toLowerCase().includes(sought);
  const other = [name, code].some(isIn) ? code : (wordsFor(country).find(isIn) ?? code);
  return `${name} (${other})`;
}
