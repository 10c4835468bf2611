import type { Choice } from "../../../shared/autocomplete/suggestions.ts";
import { payoutCountries } from "../domain/payout-country.ts";

/** What options of commands may offer, by what the options call it in `suggest`. */
export const memberSuggestions = {
  "payout-countries": countries,
} as const;

/** Countries that Stripe opens payout accounts in. */
async function countries(): Promise<readonly Choice[]> {
  return payoutCountries.map(({ code, name }) => ({ id: code, label: name }));
}
