import { OK, type Reply } from "../../reply.ts";
import { type CommandTable, Options, reads, writes } from "../command.ts";
import type { Database } from "../database.ts";
import { CommandFailure, failures } from "../failure.ts";
import { inInt64, integer, integerReply } from "../numbers.ts";
import { expiryOption } from "./expiry.ts";

/** String commands. */
export const stringCommands: CommandTable = {
  get: reads(2, (database, [key = ""]) => database.get(key, "string") ?? null),
  set: writes(-3, set),
  incr: writes(2, (database, [key = ""]) => {
    const sum = integer(database.get(key, "string") ?? "0") + 1n;
    if (!inInt64(sum)) throw new CommandFailure("ERR increment or decrement would overflow");
    database.put(key, "string", String(sum), "keep");
    return integerReply(sum);
  }),
};

/** SET with NX, and with EX, PX or PXAT. */
function set(database: Database, args: readonly string[], name: string): Reply {
  const [key = "", value = "", ...words] = args;
  const options = new Options(words);
  let isOnlyNew = false;
  let expiresAtMs: number | undefined;
  while (!options.done) {
    if (options.take("NX")) isOnlyNew = true;
    else {
      const atMs = expiresAtMs === undefined && expiryOption(options, database, name);
      if (!atMs) throw failures.syntax();
      expiresAtMs = atMs;
    }
  }
  if (isOnlyNew && database.has(key)) return null;
  database.put(key, "string", value);
  if (expiresAtMs !== undefined) database.expireAt(key, expiresAtMs);
  return OK;
}
