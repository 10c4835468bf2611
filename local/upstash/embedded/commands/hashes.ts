import { OK, type Reply } from "../../reply.ts";
import { type CommandTable, pairs, reads, writes } from "../command.ts";
import type { Database } from "../database.ts";
import { CommandFailure, failures } from "../failure.ts";
import { addDecimals, float, inInt64, integer, integerReply, parseInteger } from "../numbers.ts";
import { scanOptions } from "./keys.ts";

/** Hash commands. */
export const hashCommands: CommandTable = {
  hset: writes(-4, (database, args, name) => setFields(database, args, name)),
  hmset: writes(-4, (database, args, name) => {
    setFields(database, args, name);
    return OK;
  }),
  hsetnx: writes(4, (database, [key = "", field = "", value = ""]) => {
    const hash = database.getOrCreate(key, "hash");
    if (hash.has(field)) return 0;
    hash.set(field, value);
    return 1;
  }),
  hget: reads(3, (database, [key = "", field = ""]) => hashAt(database, key).get(field) ?? null),
  hmget: reads(-3, (database, [key = "", ...fields]) => {
    const hash = hashAt(database, key);
    return fields.map((field) => hash.get(field) ?? null);
  }),
  hgetall: reads(2, (database, [key = ""]) => [...hashAt(database, key)].flat()),
  hkeys: reads(2, (database, [key = ""]) => [...hashAt(database, key).keys()]),
  hvals: reads(2, (database, [key = ""]) => [...hashAt(database, key).values()]),
  hlen: reads(2, (database, [key = ""]) => hashAt(database, key).size),
  hexists: reads(3, (database, [key = "", field = ""]) =>
    hashAt(database, key).has(field) ? 1 : 0,
  ),
  hstrlen: reads(
    3,
    (database, [key = "", field = ""]) => (hashAt(database, key).get(field) ?? "").length,
  ),
  hdel: writes(-3, (database, [key = "", ...fields]) => {
    const hash = hashAt(database, key);
    const removed = fields.filter((field) => hash.delete(field)).length;
    database.dropIfEmpty(key);
    return removed;
  }),
  hincrby: writes(4, (database, [key = "", field = "", by = ""]) => {
    const increment = integer(by);
    const before = parseInteger(hashAt(database, key).get(field) ?? "0");
    if (before === undefined) throw new CommandFailure("ERR hash value is not an integer");
    const sum = before + increment;
    if (!inInt64(sum)) throw new CommandFailure("ERR increment or decrement would overflow");
    database.getOrCreate(key, "hash").set(field, String(sum));
    return integerReply(sum);
  }),
  hincrbyfloat: writes(4, (database, [key = "", field = "", by = ""]) => {
    float(by);
    const before = hashAt(database, key).get(field) ?? "0";
    float(before, () => new CommandFailure("ERR hash value is not a float"));
    const sum = addDecimals(before, by);
    if (sum === undefined) throw new CommandFailure("ERR increment would produce NaN or Infinity");
    database.getOrCreate(key, "hash").set(field, sum);
    return sum;
  }),
  hscan: reads(-3, (database, [key = "", cursor = "", ...words]) => {
    const { matches } = scanOptions(words);
    if (!/^\d+$/.test(cursor)) throw new CommandFailure("ERR invalid cursor");
    return ["0", [...hashAt(database, key)].filter(([field]) => matches(field)).flat()];
  }),
};

const EMPTY: Map<string, string> = new Map();

function hashAt(database: Database, key: string): Map<string, string> {
  return database.get(key, "hash") ?? EMPTY;
}

function setFields(database: Database, args: readonly string[], name: string): Reply {
  const [key = "", ...fields] = args;
  if (fields.length % 2 > 0) throw failures.wrongArity(name);
  const hash = database.getOrCreate(key, "hash");
  const before = hash.size;
  for (const [field, value] of pairs(fields)) hash.set(field, value);
  return hash.size - before;
}
