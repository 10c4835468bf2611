import { commandFunction } from "../../members/command-function.ts";
import { hostDefinitions, raceActions, raceDefinitions } from "../commands/index.ts";

/** All commands and buttons about races and their hosts. */
export const handler = commandFunction(
  "race-control",
  [...hostDefinitions, ...raceDefinitions],
  raceActions,
);
