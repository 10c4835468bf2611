import { commandFunction } from "../../members/command-function.ts";
import { operationsActions, operationsDefinitions } from "../../operations/commands/index.ts";
import { privacyActions, privacyDefinitions } from "../../privacy/commands/index.ts";
import { shopActions, shopDefinitions } from "../../shop/commands/index.ts";
import { helpCommand, helping } from "../commands/help.ts";
import { features } from "../commands.ts";

/** The commands, buttons and forms of the shop, of members and of the team, and the help. */
export const handler = commandFunction(
  "shop",
  [...shopDefinitions, ...privacyDefinitions, ...operationsDefinitions, helpCommand],
  [...shopActions, ...privacyActions, ...operationsActions, helping(features)],
);
