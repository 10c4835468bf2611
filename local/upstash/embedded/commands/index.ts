import type { CommandSpec, CommandTable } from "../command.ts";
import { expiryCommands } from "./expiry.ts";
import { hashCommands } from "./hashes.ts";
import { keyCommands } from "./keys.ts";
import { serverCommands } from "./server.ts";
import { sortedSetCommands } from "./sorted-sets.ts";
import { streamCommands } from "./streams.ts";
import { stringCommands } from "./strings.ts";

const TABLES: readonly CommandTable[] = [
  stringCommands,
  keyCommands,
  expiryCommands,
  hashCommands,
  sortedSetCommands,
  streamCommands,
  serverCommands,
];

/** Every command except those for scripts, by lower-case name. */
export const COMMANDS: ReadonlyMap<string, CommandSpec> = new Map(
  TABLES.flatMap((table) => Object.entries(table)),
);
