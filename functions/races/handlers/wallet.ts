import { commandFunction } from "../../members/command-function.ts";
import { walletActions, walletDefinitions } from "../commands/index.ts";

/** What racers have earned, and paying it out. */
export const handler = commandFunction("wallet", walletDefinitions, walletActions);
