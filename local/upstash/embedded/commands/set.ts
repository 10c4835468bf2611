import { OK, type Reply } from "../../reply.ts";
import { Options } from "../command.ts";
import type { Database } from "../database.ts";
import { failures } from "../failure.ts";
import { expiryOption, expiryTime } from "./expiry.ts";

interface SetOptions {
  only?: "NX" | "XX";
  giveOld?: true;
  keepExpiry?: true;
  expiresAtMs?: number;
}

/** SET with all of its options (https://redis.io/docs/latest/commands/set/). */
export function set(database: Database, args: readonly string[], name: string): Reply {
  const [key = "", value = "", ...words] = args;
  const options = parse(new Options(words), database.nowMs(), name);
  const before = options.giveOld ? (database.get(key, "string") ?? null) : null;
  const blocked = options.only !== undefined && database.has(key) === (options.only === "NX");
  if (blocked) return before;
  database.put(key, "string", value, options.keepExpiry ? "keep" : "forget");
  if (options.expiresAtMs !== undefined) database.expireAt(key, options.expiresAtMs);
  return options.giveOld ? before : OK;
}

/** SETEX and PSETEX. */
export function setWithExpiry(
  database: Database,
  key: string,
  value: string,
  time: string,
  unitMs: 1 | 1000,
  name: string,
): Reply {
  const atMs = expiryTime(time, { unitMs, from: "now" }, database.nowMs(), name);
  database.put(key, "string", value);
  database.expireAt(key, atMs);
  return OK;
}

function parse(words: Options, nowMs: number, name: string): SetOptions {
  const options: SetOptions = {};
  while (!words.done) {
    const timed = options.expiresAtMs !== undefined || options.keepExpiry;
    if (options.only !== "XX" && words.take("NX")) options.only = "NX";
    else if (options.only !== "NX" && words.take("XX")) options.only = "XX";
    else if (words.take("GET")) options.giveOld = true;
    else if (options.expiresAtMs === undefined && words.take("KEEPTTL")) options.keepExpiry = true;
    else {
      const atMs = timed ? undefined : expiryOption(words, nowMs, name);
      if (atMs === undefined) throw failures.syntax();
      options.expiresAtMs = atMs;
    }
  }
  return options;
}
