import { choosingCountry, countryCommand } from "./country.ts";
import { shippingCommand } from "./shipping.ts";

/** The commands of shipping. */
export const shippingDefinitions = [shippingCommand, countryCommand] as const;

/** What they do. */
export const shippingActions = [choosingCountry] as const;
