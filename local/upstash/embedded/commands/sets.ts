import type { Reply } from "../../reply.ts";
import { type CommandTable, Options, reads, writes } from "../command.ts";
import type { Database } from "../database.ts";
import { CommandFailure, failures } from "../failure.ts";
import { count, integer } from "../numbers.ts";
import { scanOptions } from "./keys.ts";

/** Set commands. */
export const setCommands: CommandTable = {
  sadd: writes(-3, (database, [key = "", ...members]) => {
    const set = database.getOrCreate(key, "set");
    const before = set.size;
    for (const member of members) set.add(member);
    return set.size - before;
  }),
  srem: writes(-3, (database, [key = "", ...members]) => {
    const set = setAt(database, key);
    const removed = members.filter((member) => set.delete(member)).length;
    database.dropIfEmpty(key);
    return removed;
  }),
  sismember: reads(3, (database, [key = "", member = ""]) =>
    setAt(database, key).has(member) ? 1 : 0,
  ),
  smismember: reads(-3, (database, [key = "", ...members]) => {
    const set = setAt(database, key);
    return members.map((member) => (set.has(member) ? 1 : 0));
  }),
  smembers: reads(2, (database, [key = ""]) => [...setAt(database, key)]),
  scard: reads(2, (database, [key = ""]) => setAt(database, key).size),
  spop: writes(-2, (database, args) => {
    const [key = ""] = args;
    const drawn = draw(database, args);
    const set = setAt(database, key);
    for (const member of Array.isArray(drawn) ? drawn : [drawn]) set.delete(String(member));
    database.dropIfEmpty(key);
    return drawn;
  }),
  srandmember: reads(-2, (database, args) => {
    const [key = "", limit] = args;
    if (limit === undefined || integer(limit) >= 0n) return draw(database, args);
    const members = [...setAt(database, key)];
    const repeats = members.length === 0 ? 0 : -count(limit);
    return Array.from({ length: repeats }, () => pick(members) ?? null);
  }),
  smove: writes(4, (database, [from = "", to = "", member = ""]) => {
    const source = database.get(from, "set");
    if (!source) return 0;
    setAt(database, to);
    if (!source.has(member)) return 0;
    source.delete(member);
    database.dropIfEmpty(from);
    database.getOrCreate(to, "set").add(member);
    return 1;
  }),
  sinter: reads(-2, (database, keys) => [...combined(database, keys, intersect)]),
  sunion: reads(-2, (database, keys) => [...combined(database, keys, unite)]),
  sdiff: reads(-2, (database, keys) => [...combined(database, keys, subtract)]),
  sinterstore: writes(-3, (database, keys) => store(database, keys, intersect)),
  sunionstore: writes(-3, (database, keys) => store(database, keys, unite)),
  sdiffstore: writes(-3, (database, keys) => store(database, keys, subtract)),
  sintercard: reads(-3, intersectionSize),
  sscan: reads(-3, (database, [key = "", cursor = "", ...words]) => {
    const { matches } = scanOptions(words);
    if (!/^\d+$/.test(cursor)) throw new CommandFailure("ERR invalid cursor");
    return ["0", [...setAt(database, key)].filter(matches)];
  }),
};

type Members = Set<string>;
type Combine = (left: Members, right: Members) => Members;

const intersect: Combine = (left, right) => left.intersection(right);
const unite: Combine = (left, right) => left.union(right);
const subtract: Combine = (left, right) => left.difference(right);

function setAt(database: Database, key: string): Members {
  return database.get(key, "set") ?? new Set();
}

function pick(members: readonly string[]): string | undefined {
  return members[Math.floor(Math.random() * members.length)];
}

/** One random member, or up to the requested number of distinct ones. */
function draw(database: Database, args: readonly string[]): Reply {
  const [key = "", limit, extra] = args;
  if (extra !== undefined) throw failures.syntax();
  const members = [...setAt(database, key)];
  if (limit === undefined) return pick(members) ?? null;
  const wanted = integer(limit);
  if (wanted < 0n) throw failures.notPositive();
  const drawn: string[] = [];
  while (drawn.length < wanted && members.length > 0) {
    const at = Math.floor(Math.random() * members.length);
    drawn.push(...members.splice(at, 1));
  }
  return drawn;
}

function combined(database: Database, keys: readonly string[], combine: Combine): Members {
  const sets = keys.map((key) => setAt(database, key));
  return sets.slice(1).reduce(combine, new Set(sets[0]));
}

function store(database: Database, keys: readonly string[], combine: Combine): Reply {
  const [to = "", ...sources] = keys;
  const result = combined(database, sources, combine);
  database.delete(to);
  if (result.size > 0) database.put(to, "set", result);
  return result.size;
}

function intersectionSize(database: Database, args: readonly string[]): Reply {
  const [numberOfKeys = "", ...words] = args;
  const keyCount = Number(/^\d+$/.test(numberOfKeys) ? numberOfKeys : 0);
  if (keyCount < 1) throw new CommandFailure("ERR numkeys should be greater than 0");
  if (keyCount > words.length) {
    throw new CommandFailure("ERR Number of keys can't be greater than number of args");
  }
  const options = new Options(words.slice(keyCount));
  let limit = 0n;
  if (options.take("LIMIT")) limit = integer(options.next() ?? "");
  if (!options.done) throw failures.syntax();
  if (limit < 0n) throw new CommandFailure("ERR LIMIT can't be negative");
  const { size } = combined(database, words.slice(0, keyCount), intersect);
  return limit === 0n ? size : Math.min(size, Number(limit));
}
