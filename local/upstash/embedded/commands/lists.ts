import { OK, type Reply } from "../../reply.ts";
import { type CommandTable, reads, sliceBounds, writes } from "../command.ts";
import type { Database } from "../database.ts";
import { CommandFailure, failures } from "../failure.ts";
import { count, integer } from "../numbers.ts";

type End = "left" | "right";

/** List commands. */
export const listCommands: CommandTable = {
  lpush: writes(-3, (database, [key = "", ...items]) => push(database, key, "left", items)),
  rpush: writes(-3, (database, [key = "", ...items]) => push(database, key, "right", items)),
  lpushx: writes(-3, (database, [key = "", ...items]) =>
    database.get(key, "list") ? push(database, key, "left", items) : 0,
  ),
  rpushx: writes(-3, (database, [key = "", ...items]) =>
    database.get(key, "list") ? push(database, key, "right", items) : 0,
  ),
  lpop: writes(-2, (database, args, name) => popCommand(database, args, "left", name)),
  rpop: writes(-2, (database, args, name) => popCommand(database, args, "right", name)),
  llen: reads(2, (database, [key = ""]) => listAt(database, key).length),
  lrange: reads(4, (database, [key = "", start = "", stop = ""]) => {
    const [from, to] = [count(start), count(stop)];
    const list = listAt(database, key);
    return list.slice(...sliceBounds(from, to, list.length));
  }),
  lindex: reads(3, (database, [key = "", index = ""]) => {
    const list = listAt(database, key);
    return list.at(count(index)) ?? null;
  }),
  lset: writes(4, (database, [key = "", index = "", value = ""]) => {
    const list = database.get(key, "list");
    if (!list) throw failures.noSuchKey();
    const at = count(index);
    const found = list.at(at) !== undefined;
    if (!found) throw new CommandFailure("ERR index out of range");
    list[at < 0 ? at + list.length : at] = value;
    return OK;
  }),
  ltrim: writes(4, (database, [key = "", start = "", stop = ""]) => {
    const [from, to] = [count(start), count(stop)];
    const list = listAt(database, key);
    const kept = list.slice(...sliceBounds(from, to, list.length));
    list.splice(0, list.length, ...kept);
    database.dropIfEmpty(key);
    return OK;
  }),
  lrem: writes(4, remove),
  linsert: writes(5, (database, [key = "", where = "", pivot = "", value = ""]) => {
    if (!/^(before|after)$/i.test(where)) throw failures.syntax();
    const list = database.get(key, "list");
    if (!list) return 0;
    const at = list.indexOf(pivot);
    if (at < 0) return -1;
    list.splice(/^after$/i.test(where) ? at + 1 : at, 0, value);
    return list.length;
  }),
  rpoplpush: writes(3, (database, [from = "", to = ""]) =>
    move(database, from, to, "right", "left"),
  ),
  lmove: writes(5, (database, [from = "", to = "", source = "", target = ""]) =>
    move(database, from, to, end(source), end(target)),
  ),
};

function listAt(database: Database, key: string): string[] {
  return database.get(key, "list") ?? [];
}

function push(database: Database, key: string, to: End, items: readonly string[]): Reply {
  const list = database.getOrCreate(key, "list");
  for (const item of items) {
    if (to === "left") list.unshift(item);
    else list.push(item);
  }
  return list.length;
}

function pop(database: Database, key: string, from: End): string | undefined {
  const list = listAt(database, key);
  const item = from === "left" ? list.shift() : list.pop();
  database.dropIfEmpty(key);
  return item;
}

function popCommand(database: Database, args: readonly string[], from: End, name: string): Reply {
  const [key = "", limit, extra] = args;
  if (extra !== undefined) throw failures.wrongArity(name);
  if (limit === undefined) return pop(database, key, from) ?? null;
  const wanted = positive(limit);
  if (!database.get(key, "list")) return null;
  const taken = Math.min(wanted, listAt(database, key).length);
  return Array.from({ length: taken }, () => pop(database, key, from) ?? null);
}

function positive(text: string): number {
  const value = integer(text);
  if (value < 0n) throw failures.notPositive();
  return Number(value);
}

function remove(database: Database, args: readonly string[]): Reply {
  const [key = "", limitText = "", value = ""] = args;
  const limit = count(limitText);
  const list = listAt(database, key);
  const places = list.flatMap((item, index) => (item === value ? [index] : []));
  const struck = limit < 0 ? places.slice(limit) : places.slice(0, limit === 0 ? undefined : limit);
  for (const index of struck.reverse()) list.splice(index, 1);
  database.dropIfEmpty(key);
  return struck.length;
}

function end(word: string): End {
  if (/^left$/i.test(word)) return "left";
  if (/^right$/i.test(word)) return "right";
  throw failures.syntax();
}

function move(database: Database, from: string, to: string, source: End, target: End): Reply {
  if (!database.get(from, "list")) return null;
  database.get(to, "list");
  const item = pop(database, from, source);
  if (item === undefined) return null;
  push(database, to, target, [item]);
  return item;
}
