import { type CommandTable, pairs, reads, writes } from "../command.ts";
import type { Database } from "../database.ts";
import { failures } from "../failure.ts";

/** Hash commands. */
export const hashCommands: CommandTable = {
  hset: writes(-4, (database, [key = "", ...fields], name) => {
    if (fields.length % 2 > 0) throw failures.wrongArity(name);
    const hash = database.getOrCreate(key, "hash");
    const before = hash.size;
    for (const [field, value] of pairs(fields)) hash.set(field, value);
    return hash.size - before;
  }),
  hget: reads(3, (database, [key = "", field = ""]) => hashAt(database, key).get(field) ?? null),
  hmget: reads(-3, (database, [key = "", ...fields]) => {
    const hash = hashAt(database, key);
    return fields.map((field) => hash.get(field) ?? null);
  }),
  hgetall: reads(2, (database, [key = ""]) => [...hashAt(database, key)].flat()),
  hexists: reads(3, (database, [key = "", field = ""]) =>
    hashAt(database, key).has(field) ? 1 : 0,
  ),
  hdel: writes(-3, (database, [key = "", ...fields]) => {
    const hash = hashAt(database, key);
    const removed = fields.filter((field) => hash.delete(field)).length;
    database.dropIfEmpty(key);
    return removed;
  }),
};

const EMPTY: Map<string, string> = new Map();

function hashAt(database: Database, key: string): Map<string, string> {
  return database.get(key, "hash") ?? EMPTY;
}
