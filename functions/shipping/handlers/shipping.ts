import { commandFunction } from "../../members/command-function.ts";
import { shippingActions, shippingDefinitions } from "../commands/index.ts";

/** The commands and selects of shipping. */
export const handler = commandFunction("shipping", shippingDefinitions, shippingActions);
