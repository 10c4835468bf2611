import { OK, type Reply } from "../../reply.ts";
import { type CommandTable, Options, reads, writes } from "../command.ts";
import type { Database } from "../database.ts";
import { CommandFailure, failures } from "../failure.ts";
import { globMatcher } from "../glob.ts";
import { count } from "../numbers.ts";
import { copyValue } from "./copy-value.ts";

const DEFAULT_SCAN_COUNT = 10;

/** Commands for keys of any type. */
export const keyCommands: CommandTable = {
  del: writes(-2, deleteKeys),
  unlink: writes(-2, deleteKeys),
  exists: reads(-2, countKeys),
  touch: reads(-2, countKeys),
  type: reads(2, (database, [key = ""]) => ({ status: database.typeOf(key) ?? "none" })),
  rename: writes(3, (database, [from = "", to = ""]) => {
    database.rename(from, to);
    return OK;
  }),
  renamenx: writes(3, (database, [from = "", to = ""]) => {
    if (!database.has(from)) throw failures.noSuchKey();
    if (database.has(to)) return 0;
    database.rename(from, to);
    return 1;
  }),
  copy: writes(-3, copy),
  keys: reads(2, (database, [pattern = ""]) => {
    const matches = globMatcher(pattern);
    return database.keys().flatMap(({ key }) => (matches(key) ? [key] : []));
  }),
  scan: reads(-2, scan),
  randomkey: reads(1, (database) => {
    const keys = database.keys();
    return keys[Math.floor(Math.random() * keys.length)]?.key ?? null;
  }),
  dbsize: reads(1, (database) => database.keys().length),
  flushdb: writes(-1, flush),
  flushall: writes(-1, flush),
};

function deleteKeys(database: Database, keys: readonly string[]): Reply {
  return keys.filter((key) => database.delete(key)).length;
}

function countKeys(database: Database, keys: readonly string[]): Reply {
  return keys.filter((key) => database.has(key)).length;
}

function copy(database: Database, args: readonly string[]): Reply {
  const [from = "", to = "", ...words] = args;
  const options = new Options(words);
  const replace = options.take("REPLACE");
  if (!options.done) throw failures.syntax();
  if (from === to) throw new CommandFailure("ERR source and destination objects are the same");
  if (!database.has(from) || (database.has(to) && !replace)) return 0;
  copyValue(database, from, to);
  return 1;
}

function flush(database: Database, args: readonly string[]): Reply {
  const options = new Options(args);
  if (!options.take("ASYNC")) options.take("SYNC");
  if (!options.done) throw failures.syntax();
  database.clear();
  return OK;
}

/**
 * The cursor is the creation number of the last returned key, so added and deleted keys do not hide
 * others.
 */
function scan(database: Database, args: readonly string[]): Reply {
  const [cursor = "", ...words] = args;
  const { matches, limit, type } = scanOptions(words);
  if (!/^\d+$/.test(cursor)) throw new CommandFailure("ERR invalid cursor");
  const left = database.keys().filter(({ born }) => born > Number(cursor));
  const page = left.slice(0, limit);
  const next = page.length < left.length ? (page.at(-1)?.born ?? 0) : 0;
  const found = page.filter((entry) => matches(entry.key) && (!type || entry.type === type));
  return [String(next), found.map(({ key }) => key)];
}

/** Parses MATCH, COUNT and TYPE of SCAN and similar commands. */
export function scanOptions(words: readonly string[]) {
  const options = new Options(words);
  let matches: (text: string) => boolean = () => true;
  let limit = DEFAULT_SCAN_COUNT;
  let type: string | undefined;
  while (!options.done) {
    if (options.take("MATCH")) matches = globMatcher(value(options));
    else if (options.take("COUNT")) limit = count(value(options));
    else if (options.take("TYPE")) type = value(options).toLowerCase();
    else throw failures.syntax();
  }
  if (limit < 1) throw failures.syntax();
  return { matches, limit, type };
}

function value(options: Options): string {
  const word = options.next();
  if (word === undefined) throw failures.syntax();
  return word;
}
