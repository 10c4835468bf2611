import { type CommandTable, type Options, reads, writes } from "../command.ts";
import type { Database } from "../database.ts";
import { CommandFailure, failures } from "../failure.ts";
import { count } from "../numbers.ts";

/** Commands for keys' expiry. */
export const expiryCommands: CommandTable = {
  pexpire: writes(3, (database, [key = "", ms = ""]) => {
    const atMs = database.nowMs() + count(ms);
    if (!database.has(key)) return 0;
    database.expireAt(key, atMs);
    return 1;
  }),
  pttl: reads(2, (database, [key = ""]) => {
    if (!database.has(key)) return -2;
    const atMs = database.expiresAtMs(key);
    return atMs === undefined ? -1 : atMs - database.nowMs();
  }),
};

const FORMS: Readonly<Record<string, (value: number, database: Database) => number>> = {
  EX: (seconds, database) => database.nowMs() + seconds * 1000,
  PX: (ms, database) => database.nowMs() + ms,
  PXAT: (atMs) => atMs,
};

/**
 * Parses EX, PX or PXAT with its time, if one is next, to the time of expiry. Throws for an invalid
 * time.
 */
export function expiryOption(
  options: Options,
  database: Database,
  name: string,
): number | undefined {
  const form = FORMS[options.peek()];
  if (!form) return undefined;
  options.next();
  const text = options.next();
  if (text === undefined) throw failures.syntax();
  const value = count(text);
  if (value <= 0) throw new CommandFailure(`ERR invalid expire time in '${name}' command`);
  return form(value, database);
}
