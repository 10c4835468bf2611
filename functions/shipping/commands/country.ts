import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import {
  defineCommand,
  type ValuesOf,
} from "../../../shared/discord/definitions/define-command.ts";
import { flag, text } from "../../../shared/discord/definitions/options.ts";
import type { Deps } from "../deps.ts";
import { readCountry } from "../domain/countries.ts";
import {
  countryShownText,
  countryText,
  removeOrCountryText,
  unknownCountryText,
} from "../messages/country.ts";
import type { CountryChange } from "../store/ship-countries.ts";

type CountryDeps = Pick<Deps, "shipCountries">;

/** `/c500 country`. */
export const countryCommand = defineCommand({
  words: "c500 country",
  description: "The country your parcels go to, so that you aren't asked each time",
  options: {
    country: text("Where parcels should go, such as Germany or UK", {
      maxLength: 60,
      suggest: "ship-countries",
    }),
    remove: flag("Forget your country; you are asked again"),
  },
  who: "everyone",
  answeredBy: "shipping",
});

/**
 * Stores, removes or shows the asker's country. Idempotency: under the command's id. Crash safety: there is one write.
 * Late: a command that is older than the last choice changes nothing, and its user reads what counts.
 */
export const choosingCountry = /* @__PURE__ */ action(countryCommand, {
  run: setCountry,
  isBegun: isCountryChosen,
});

async function setCountry(
  use: CommandUse,
  { country: typed, remove = false }: ValuesOf<typeof countryCommand>,
  deps: CountryDeps,
): Promise<OutgoingMessage> {
  if (typed !== undefined && remove) return { content: removeOrCountryText };
  if (remove) return { content: countryText(await chooseCountry(use, undefined, deps)) };
  if (typed === undefined) {
    return { content: countryShownText(await deps.shipCountries.get(use.userId)) };
  }
  const country = readCountry(typed);
  if (!country) return { content: unknownCountryText(typed) };
  return { content: countryText(await chooseCountry(use, country.code, deps)) };
}

/** Stores where somebody's parcels go, or removes it, under the interaction that says so. */
export function chooseCountry(
  { id, userId }: Pick<CommandUse, "id" | "userId">,
  code: string | undefined,
  { shipCountries }: CountryDeps,
): Promise<CountryChange> {
  return shipCountries.choose({ userId, changeId: id }, code);
}

/** Whether an earlier delivery has stored what an interaction says of a country. */
export function isCountryChosen(
  { id, userId }: Pick<CommandUse, "id" | "userId">,
  _values: unknown,
  { shipCountries }: CountryDeps,
): Promise<boolean> {
  return shipCountries.isChosenBy(userId, id);
}
