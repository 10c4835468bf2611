import { commandFunction } from "../../members/command-function.ts";
import { operationsActions, operationsDefinitions } from "../../operations/commands/index.ts";
import { privacyActions, privacyDefinitions } from "../../privacy/commands/index.ts";
import { shopActions, shopDefinitions } from "../../shop/commands/index.ts";

/** Everything the shop is asked for in Discord, with what members and the team ask about members. */
export const handler = commandFunction(
  "shop",
  [...shopDefinitions, ...privacyDefinitions, ...operationsDefinitions],
  [...shopActions, ...privacyActions, ...operationsActions],
);
