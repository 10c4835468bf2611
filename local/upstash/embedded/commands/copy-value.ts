import type { Database } from "../database.ts";

/** Copies a key's value and expiry to another key; later changes of one do not affect the other. */
export function copyValue(database: Database, from: string, to: string): void {
  const expiresAtMs = database.expiresAtMs(from);
  database.delete(to);
  switch (database.typeOf(from)) {
    case "string":
      database.put(to, "string", database.get(from, "string") ?? "");
      break;
    case "hash":
      database.put(to, "hash", new Map(database.get(from, "hash")));
      break;
    case "list":
      database.put(to, "list", [...(database.get(from, "list") ?? [])]);
      break;
    case "set":
      database.put(to, "set", new Set(database.get(from, "set")));
      break;
    case "zset": {
      const copy = database.getOrCreate(to, "zset");
      const source = database.get(from, "zset");
      for (const { member, score } of source?.slice(0, source.size) ?? []) copy.set(member, score);
      break;
    }
    case "stream": {
      const copy = database.getOrCreate(to, "stream");
      const source = database.get(from, "stream");
      for (const entry of source?.range(0n, source.lastId) ?? []) copy.append(entry);
      copy.lastId = source?.lastId ?? 0n;
      break;
    }
  }
  database.expireAt(to, expiresAtMs);
}
