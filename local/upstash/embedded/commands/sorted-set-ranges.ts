import type { Reply } from "../../reply.ts";
import { type CommandTable, Options, reads, sliceBounds, writes } from "../command.ts";
import type { Database } from "../database.ts";
import { CommandFailure, failures } from "../failure.ts";
import { count, formatFloat } from "../numbers.ts";
import { type ScoredMember, SortedSet } from "../sorted-set.ts";
import { type Limit, limitOption, membersIn, type RankRange, scoreRange } from "./score-range.ts";

type Find = (set: SortedSet) => RankRange;
type Ranging = "rank" | "score";

/** Commands that read or remove ranges of sorted sets. */
export const sortedSetRangeCommands: CommandTable = {
  zrange: reads(-4, (database, args) => {
    const [key = "", start = "", stop = "", ...words] = args;
    const query = rangeQuery(start, stop, words);
    return reply(query.members(setAt(database, key)), query.withScores);
  }),
  zrangestore: writes(-5, (database, args) => {
    const [to = "", from = "", start = "", stop = "", ...words] = args;
    const query = rangeQuery(start, stop, words);
    if (query.withScores) throw failures.syntax();
    return store(database, to, query.members(setAt(database, from)));
  }),
  zrevrange: reads(-4, (database, [key = "", start = "", stop = "", ...words]) => {
    const options = new Options(words);
    const withScores = options.take("WITHSCORES");
    if (!options.done) throw failures.syntax();
    const set = setAt(database, key);
    return reply(membersIn(set, rankRange(start, stop, true)(set), true), withScores);
  }),
  zrangebyscore: reads(-4, (database, args) => byScore(database, args, false)),
  zrevrangebyscore: reads(-4, (database, args) => byScore(database, args, true)),
  zcount: reads(4, (database, [key = "", min = "", max = ""]) =>
    size(scoreRange(min, max), setAt(database, key)),
  ),
  zremrangebyrank: writes(4, (database, [key = "", start = "", stop = ""]) =>
    remove(database, key, rankRange(start, stop, false)),
  ),
  zremrangebyscore: writes(4, (database, [key = "", min = "", max = ""]) =>
    remove(database, key, scoreRange(min, max)),
  ),
};

function setAt(database: Database, key: string): SortedSet {
  return database.get(key, "zset") ?? new SortedSet();
}

/** Parses ZRANGE's options before the key is read. */
function rangeQuery(start: string, stop: string, words: readonly string[]) {
  const options = new Options(words);
  let by: Ranging = "rank";
  let reverse = false;
  let withScores = false;
  let limit: Limit | undefined;
  while (!options.done) {
    if (options.take("BYSCORE")) by = "score";
    else if (options.take("REV")) reverse = true;
    else if (options.take("WITHSCORES")) withScores = true;
    else {
      limit = limitOption(options);
      if (!limit) throw failures.syntax();
    }
  }
  if (limit && by === "rank") {
    throw new CommandFailure(
      "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX",
    );
  }
  const find = finder(by, start, stop, reverse);
  const members = (set: SortedSet) => membersIn(set, find(set), reverse, limit);
  return { members, withScores };
}

/**
 * The older range commands: when reversed, the highest bound comes first; WITHSCORES and LIMIT in
 * any order.
 */
function byScore(database: Database, args: readonly string[], reverse: boolean): Reply {
  const [key = "", start = "", stop = "", ...words] = args;
  const options = new Options(words);
  let withScores = false;
  let limit: Limit | undefined;
  while (!options.done) {
    if (options.take("WITHSCORES")) withScores = true;
    else {
      limit = limitOption(options);
      if (!limit) throw failures.syntax();
    }
  }
  const find = finder("score", start, stop, reverse);
  const set = setAt(database, key);
  return reply(membersIn(set, find(set), reverse, limit), withScores);
}

function finder(by: Ranging, start: string, stop: string, reverse: boolean): Find {
  if (by === "rank") return rankRange(start, stop, reverse);
  return reverse ? scoreRange(stop, start) : scoreRange(start, stop);
}

/** Converts ranks that count from the end, if reversed, to ranks from the start. */
function rankRange(start: string, stop: string, reverse: boolean): Find {
  const [first, last] = [count(start), count(stop)];
  return (set) => {
    const [from, to] = sliceBounds(first, last, set.size);
    return reverse ? [set.size - to, set.size - from] : [from, to];
  };
}

function size(find: Find, set: SortedSet): number {
  const [from, to] = find(set);
  return Math.max(0, to - from);
}

function remove(database: Database, key: string, find: Find): Reply {
  const set = setAt(database, key);
  const members = membersIn(set, find(set), false);
  for (const { member } of members) set.delete(member);
  database.dropIfEmpty(key);
  return members.length;
}

function store(database: Database, key: string, members: readonly ScoredMember[]): Reply {
  database.delete(key);
  if (members.length === 0) return 0;
  const set = database.getOrCreate(key, "zset");
  for (const { member, score } of members) set.set(member, score);
  return members.length;
}

function reply(members: readonly ScoredMember[], withScores: boolean): Reply {
  return members.flatMap(({ member, score }) =>
    withScores ? [member, formatFloat(score)] : [member],
  );
}
