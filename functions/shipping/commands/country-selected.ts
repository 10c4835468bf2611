import { action } from "../../../shared/discord/command-action.ts";
import type { Deps } from "../deps.ts";
import { PICKUP } from "../domain/terms.ts";
import { countryText, elsewhereText, pickupText } from "../messages/country.ts";
import { chooseCountry, isCountryChosen } from "./country.ts";
import { countrySelect, ELSEWHERE } from "./country-select.ts";

/**
 * Stores the chosen country, and nothing else. Idempotency: under the interaction's id. Crash safety: there is one write.
 * Late: a choice that is older than the last one changes nothing, and its user reads what counts.
 */
export const countrySelected = /* @__PURE__ */ action(countrySelect, {
  run: async ({ id, userId }, { chosen }, deps: Pick<Deps, "shipCountries">) => {
    if (chosen === ELSEWHERE) return { content: elsewhereText };
    if (chosen === PICKUP) return { content: pickupText };
    return { content: countryText(await chooseCountry({ id, userId }, chosen, deps)) };
  },
  isBegun: isCountryChosen,
});
