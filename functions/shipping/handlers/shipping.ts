import { commandFunction } from "../../members/command-function.ts";
import { shippingActions, shippingDefinitions } from "../commands/index.ts";

/** Where somebody's parcels go. */
export const handler = commandFunction("shipping", shippingDefinitions, shippingActions);
