import { commandFunction } from "../../members/command-function.ts";
import { fulfilmentActions, fulfilmentDefinitions } from "../commands/index.ts";

/** The commands of fulfilment. */
export const handler = commandFunction("fulfilment", fulfilmentDefinitions, fulfilmentActions);
