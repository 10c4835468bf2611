import type { Reply } from "../../reply.ts";
import { type CommandTable, Options, pairs, reads, writes } from "../command.ts";
import type { Database } from "../database.ts";
import { CommandFailure, failures } from "../failure.ts";
import { float, formatFloat, integer } from "../numbers.ts";
import { SortedSet } from "../sorted-set.ts";
import { scanOptions } from "./keys.ts";

/** Commands for single members of sorted sets. */
export const sortedSetCommands: CommandTable = {
  zadd: writes(-4, zadd),
  zincrby: writes(4, (database, [key = "", by = "", member = ""]) => {
    const increment = float(by);
    const sum = (setAt(database, key).score(member) ?? 0) + increment;
    if (Number.isNaN(sum)) throw notANumber();
    database.getOrCreate(key, "zset").set(member, sum);
    return formatFloat(sum);
  }),
  zrem: writes(-3, (database, [key = "", ...members]) => {
    const set = setAt(database, key);
    const removed = members.filter((member) => set.delete(member)).length;
    database.dropIfEmpty(key);
    return removed;
  }),
  zcard: reads(2, (database, [key = ""]) => setAt(database, key).size),
  zscore: reads(3, (database, [key = "", member = ""]) => scoreOf(setAt(database, key), member)),
  zmscore: reads(-3, (database, [key = "", ...members]) => {
    const set = setAt(database, key);
    return members.map((member) => scoreOf(set, member));
  }),
  zrank: reads(3, (database, [key = "", member = ""]) => setAt(database, key).rank(member) ?? null),
  zrevrank: reads(3, (database, [key = "", member = ""]) => {
    const set = setAt(database, key);
    const rank = set.rank(member);
    return rank === undefined ? null : set.size - 1 - rank;
  }),
  zpopmin: writes(-2, (database, args) => pop(database, args, "lowest")),
  zpopmax: writes(-2, (database, args) => pop(database, args, "highest")),
  zscan: reads(-3, (database, [key = "", cursor = "", ...words]) => {
    const { matches } = scanOptions(words);
    if (!/^\d+$/.test(cursor)) throw new CommandFailure("ERR invalid cursor");
    const set = setAt(database, key);
    const found = set.slice(0, set.size).filter(({ member }) => matches(member));
    return ["0", found.flatMap(({ member, score }) => [member, formatFloat(score)])];
  }),
};

interface AddOptions {
  onlyNew: boolean;
  onlyExisting: boolean;
  onlyGreater: boolean;
  onlyLess: boolean;
  countChanged: boolean;
  increment: boolean;
}

function zadd(database: Database, args: readonly string[]): Reply {
  const [key = "", ...words] = args;
  const options = new Options(words);
  const how = addOptions(options);
  const rest = options.rest();
  if (rest.length === 0 || rest.length % 2 > 0) throw failures.syntax();
  checkCompatible(how, rest.length / 2);
  const additions = pairs(rest).map(([score, member]) => ({ score: float(score), member }));

  const before = setAt(database, key);
  if (how.increment) {
    const [{ score, member } = { score: 0, member: "" }] = additions;
    const sum = (before.score(member) ?? 0) + score;
    if (Number.isNaN(sum)) throw notANumber();
    if (!allowed(how, before.score(member), sum)) return null;
    database.getOrCreate(key, "zset").set(member, sum);
    return formatFloat(sum);
  }

  let added = 0;
  let changed = 0;
  for (const { score, member } of additions) {
    const old = setAt(database, key).score(member);
    if (!allowed(how, old, score)) continue;
    database.getOrCreate(key, "zset").set(member, score);
    if (old === undefined) added += 1;
    else if (old !== score) changed += 1;
  }
  return how.countChanged ? added + changed : added;
}

function addOptions(options: Options): AddOptions {
  const how: AddOptions = {
    onlyNew: false,
    onlyExisting: false,
    onlyGreater: false,
    onlyLess: false,
    countChanged: false,
    increment: false,
  };
  for (;;) {
    if (options.take("NX")) how.onlyNew = true;
    else if (options.take("XX")) how.onlyExisting = true;
    else if (options.take("GT")) how.onlyGreater = true;
    else if (options.take("LT")) how.onlyLess = true;
    else if (options.take("CH")) how.countChanged = true;
    else if (options.take("INCR")) how.increment = true;
    else return how;
  }
}

function checkCompatible(how: AddOptions, memberCount: number): void {
  if (how.onlyNew && how.onlyExisting) {
    throw new CommandFailure("ERR XX and NX options at the same time are not compatible");
  }
  const comparisons = [how.onlyGreater, how.onlyLess, how.onlyNew].filter(Boolean).length;
  if (comparisons > 1) {
    throw new CommandFailure("ERR GT, LT, and/or NX options at the same time are not compatible");
  }
  if (how.increment && memberCount > 1) {
    throw new CommandFailure("ERR INCR option supports a single increment-element pair");
  }
}

function allowed(how: AddOptions, before: number | undefined, score: number): boolean {
  if (before === undefined) return !how.onlyExisting;
  if (how.onlyNew) return false;
  return !(how.onlyGreater && score <= before) && !(how.onlyLess && score >= before);
}

function pop(database: Database, args: readonly string[], end: "lowest" | "highest"): Reply {
  const [key = "", limit = "1", extra] = args;
  if (extra !== undefined) throw failures.syntax();
  const wanted = integer(limit);
  if (wanted < 0n) throw failures.notPositive();
  const set = setAt(database, key);
  const taken = Math.min(Number(wanted), set.size);
  const members =
    end === "lowest" ? set.slice(0, taken) : set.slice(set.size - taken, set.size).reverse();
  for (const { member } of members) set.delete(member);
  database.dropIfEmpty(key);
  return members.flatMap(({ member, score }) => [member, formatFloat(score)]);
}

function setAt(database: Database, key: string): SortedSet {
  return database.get(key, "zset") ?? new SortedSet();
}

function scoreOf(set: SortedSet, member: string): Reply {
  const score = set.score(member);
  return score === undefined ? null : formatFloat(score);
}

function notANumber(): CommandFailure {
  return new CommandFailure("ERR resulting score is not a number (NaN)");
}
