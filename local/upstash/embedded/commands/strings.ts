import { OK, type Reply } from "../../reply.ts";
import { type CommandTable, Options, pairs, reads, writes } from "../command.ts";
import type { Database } from "../database.ts";
import { CommandFailure, failures } from "../failure.ts";
import { addDecimals, count, float, inInt64, integer, integerReply } from "../numbers.ts";
import { expiryOption } from "./expiry.ts";
import { set, setWithExpiry } from "./set.ts";

/** The maximum size of a value in Redis (proto-max-bulk-len). */
const MAX_STRING_BYTES = 512 * 1024 * 1024;

/** String commands. */
export const stringCommands: CommandTable = {
  get: reads(2, (database, [key = ""]) => database.get(key, "string") ?? null),
  set: writes(-3, set),
  setnx: writes(3, (database, [key = "", value = ""]) => {
    if (database.has(key)) return 0;
    database.put(key, "string", value);
    return 1;
  }),
  setex: writes(4, (database, [key = "", seconds = "", value = ""], name) =>
    setWithExpiry(database, key, value, seconds, 1000, name),
  ),
  psetex: writes(4, (database, [key = "", ms = "", value = ""], name) =>
    setWithExpiry(database, key, value, ms, 1, name),
  ),
  getset: writes(3, (database, [key = "", value = ""]) => {
    const before = database.get(key, "string") ?? null;
    database.put(key, "string", value);
    return before;
  }),
  getdel: writes(2, (database, [key = ""]) => {
    const value = database.get(key, "string") ?? null;
    database.delete(key);
    return value;
  }),
  getex: writes(-2, getAndExpire),
  mget: reads(-2, (database, keys) =>
    keys.map((key) =>
      database.typeOf(key) === "string" ? (database.get(key, "string") ?? null) : null,
    ),
  ),
  mset: writes(-3, (database, args, name) => {
    if (args.length % 2 > 0) throw failures.wrongArity(name);
    for (const [key, value] of pairs(args)) database.put(key, "string", value);
    return OK;
  }),
  msetnx: writes(-3, (database, args, name) => {
    if (args.length % 2 > 0) throw failures.wrongArity(name);
    if (pairs(args).some(([key]) => database.has(key))) return 0;
    for (const [key, value] of pairs(args)) database.put(key, "string", value);
    return 1;
  }),
  incr: writes(2, (database, [key = ""]) => add(database, key, 1n)),
  decr: writes(2, (database, [key = ""]) => add(database, key, -1n)),
  incrby: writes(3, (database, [key = "", by = ""]) => add(database, key, integer(by))),
  decrby: writes(3, (database, [key = "", by = ""]) => {
    const decrement = integer(by);
    if (!inInt64(-decrement)) throw new CommandFailure("ERR decrement would overflow");
    return add(database, key, -decrement);
  }),
  incrbyfloat: writes(3, (database, [key = "", by = ""]) => {
    const before = database.get(key, "string") ?? "0";
    float(before);
    float(by);
    const sum = addDecimals(before, by);
    if (sum === undefined) throw new CommandFailure("ERR increment would produce NaN or Infinity");
    database.put(key, "string", sum, "keep");
    return sum;
  }),
  append: writes(3, (database, [key = "", more = ""]) => {
    const value = (database.get(key, "string") ?? "") + more;
    database.put(key, "string", value, "keep");
    return value.length;
  }),
  strlen: reads(2, (database, [key = ""]) => (database.get(key, "string") ?? "").length),
  getrange: reads(4, getRange),
  setrange: writes(4, setRange),
};

function add(database: Database, key: string, by: bigint): Reply {
  const sum = integer(database.get(key, "string") ?? "0") + by;
  if (!inInt64(sum)) throw new CommandFailure("ERR increment or decrement would overflow");
  database.put(key, "string", String(sum), "keep");
  return integerReply(sum);
}

function getAndExpire(database: Database, args: readonly string[], name: string): Reply {
  const [key = "", ...words] = args;
  const options = new Options(words);
  const persist = options.take("PERSIST");
  const expiry = persist ? undefined : expiryOption(options);
  if (!options.done) throw failures.syntax();
  const value = database.get(key, "string");
  if (value === undefined) return null;
  const atMs = expiry?.(database.nowMs(), name);
  if (persist || atMs !== undefined) database.expireAt(key, atMs);
  return value;
}

/** As in Redis, an end before the start of the string is the first byte. */
function getRange(database: Database, args: readonly string[]): Reply {
  const [key = "", startText = "", stopText = ""] = args;
  const [start, stop] = [count(startText), count(stopText)];
  const value = database.get(key, "string") ?? "";
  if (start < 0 && stop < 0 && start > stop) return "";
  const from = Math.max(0, start < 0 ? start + value.length : start);
  const to = Math.max(0, stop < 0 ? stop + value.length : stop);
  return value.slice(from, to + 1);
}

function setRange(database: Database, args: readonly string[]): Reply {
  const [key = "", offsetText = "", patch = ""] = args;
  const offset = count(offsetText);
  if (offset < 0) throw new CommandFailure("ERR offset is out of range");
  const before = database.get(key, "string") ?? "";
  if (patch === "") return before.length;
  if (offset + patch.length > MAX_STRING_BYTES) {
    throw new CommandFailure("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
  }
  const head = before.slice(0, offset).padEnd(offset, "\0");
  const value = head + patch + before.slice(offset + patch.length);
  database.put(key, "string", value, "keep");
  return value.length;
}
