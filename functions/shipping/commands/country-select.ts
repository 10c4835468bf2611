import { documentId, wholeNumber } from "../../../shared/discord/definitions/custom-id.ts";
import { defineSelect } from "../../../shared/discord/definitions/define-command.ts";
import { countryCodes } from "../domain/countries.ts";
import { PICKUP } from "../domain/terms.ts";

/** What is chosen by somebody whose country is not in the list. */
export const ELSEWHERE = "elsewhere";

/**
 * "Where should it go?", about so many pieces of something that is sold: a country, that its buyer picks it up, or that their country is
 * not in the list.
 */
export const countrySelect = defineSelect({
  name: "ship-country",
  parts: { soldId: documentId, quantity: wholeNumber() },
  chosen: {
    kind: "choice",
    required: true,
    choices: {
      // Their names take time, and the function that Discord waits for needs none.
      ...Object.fromEntries(countryCodes.map((code) => [code, code])),
      [PICKUP]: "I'll pick it up",
      [ELSEWHERE]: "Somewhere else…",
    },
  },
  who: "everyone",
  answeredBy: "shop",
});
