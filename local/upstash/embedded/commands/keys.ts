import { OK, type Reply } from "../../reply.ts";
import { type CommandTable, Options, reads, writes } from "../command.ts";
import type { Database } from "../database.ts";
import { CommandFailure, failures } from "../failure.ts";
import { globMatcher } from "../glob.ts";
import { count } from "../numbers.ts";

const DEFAULT_SCAN_COUNT = 10;

/** Commands for keys of any type. */
export const keyCommands: CommandTable = {
  del: writes(-2, (database, keys) => keys.filter((key) => database.delete(key)).length),
  exists: reads(-2, (database, keys) => keys.filter((key) => database.has(key)).length),
  type: reads(2, (database, [key = ""]) => ({ status: database.typeOf(key) ?? "none" })),
  keys: reads(2, (database, [pattern = ""]) => {
    const matches = globMatcher(pattern);
    return database.keys().flatMap(({ key }) => (matches(key) ? [key] : []));
  }),
  scan: reads(-2, scan),
  flushall: writes(1, (database) => {
    database.clear();
    return OK;
  }),
};

/**
 * The cursor is the creation number of the last returned key, so added and deleted keys do not hide
 * others.
 */
function scan(database: Database, args: readonly string[]): Reply {
  const [cursor = "", ...words] = args;
  const { matches, limit } = scanOptions(new Options(words));
  if (!/^\d+$/.test(cursor)) throw new CommandFailure("ERR invalid cursor");
  const left = database.keys().filter(({ born }) => born > Number(cursor));
  const page = left.slice(0, limit);
  const next = page.length < left.length ? (page.at(-1)?.born ?? 0) : 0;
  return [String(next), page.flatMap(({ key }) => (matches(key) ? [key] : []))];
}

function scanOptions(options: Options) {
  let matches: (text: string) => boolean = () => true;
  let limit = DEFAULT_SCAN_COUNT;
  while (!options.done) {
    if (options.take("MATCH")) matches = globMatcher(options.value());
    else if (options.take("COUNT")) limit = count(options.value());
    else throw failures.syntax();
  }
  if (limit < 1) throw failures.syntax();
  return { matches, limit };
}
