import { choosingCountry, countryCommand } from "./country.ts";
import { countrySelect } from "./country-select.ts";
import { countrySelected } from "./country-selected.ts";
import { settingTerms, shippingCommand } from "./shipping.ts";

/** The commands and selects of shipping. */
export const shippingDefinitions = [shippingCommand, countryCommand, countrySelect] as const;

/** What they do. */
export const shippingActions = [settingTerms, choosingCountry, countrySelected] as const;
