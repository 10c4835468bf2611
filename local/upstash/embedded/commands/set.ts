import { OK, type Reply } from "../../reply.ts";
import { Options } from "../command.ts";
import type { Database } from "../database.ts";
import { failures } from "../failure.ts";
import { expiryOption, expiryTime } from "./expiry.ts";

interface SetOptions {
  only?: "NX" | "XX";
  giveOld?: true;
  keepExpiry?: true;
  expiry?: (nowMs: number, name: string) => number;
}

/** SET with all its options (https://redis.io/docs/latest/commands/set/). */
export function set(database: Database, args: readonly string[], name: string): Reply {
  const [key = "", value = "", ...words] = args;
  const options = parse(new Options(words));
  const expiresAtMs = options.expiry?.(database.nowMs(), name);
  const before = options.giveOld ? (database.get(key, "string") ?? null) : null;
  const blocked = options.only !== undefined && database.has(key) === (options.only === "NX");
  if (blocked) return before;
  database.put(key, "string", value, options.keepExpiry ? "keep" : "forget");
  if (expiresAtMs !== undefined) database.expireAt(key, expiresAtMs);
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

function parse(words: Options): SetOptions {
  const options: SetOptions = {};
  while (!words.done) {
    if (options.only !== "XX" && words.take("NX")) options.only = "NX";
    else if (options.only !== "NX" && words.take("XX")) options.only = "XX";
    else if (words.take("GET")) options.giveOld = true;
    else if (!options.expiry && words.take("KEEPTTL")) options.keepExpiry = true;
    else {
      const expiry = options.expiry || options.keepExpiry ? undefined : expiryOption(words);
      if (!expiry) throw failures.syntax();
      options.expiry = expiry;
    }
  }
  return options;
}
