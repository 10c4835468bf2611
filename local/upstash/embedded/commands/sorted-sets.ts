import type { Reply } from "../../reply.ts";
import { type CommandTable, Options, pairs, reads, sliceBounds, writes } from "../command.ts";
import type { Database } from "../database.ts";
import { CommandFailure, failures } from "../failure.ts";
import { count, float, formatFloat } from "../numbers.ts";
import { SortedSet } from "../sorted-set.ts";

/** Commands of sorted sets. */
export const sortedSetCommands: CommandTable = {
  zadd: writes(-4, (database, [key = "", ...rest]) => {
    if (rest.length % 2 > 0) throw failures.syntax();
    const additions = pairs(rest).map(([score, member]) => ({ score: float(score), member }));
    const set = database.getOrCreate(key, "zset");
    const before = set.size;
    for (const { score, member } of additions) set.set(member, score);
    return set.size - before;
  }),
  zrem: writes(-3, (database, [key = "", ...members]) => remove(database, key, members)),
  zcard: reads(2, (database, [key = ""]) => setAt(database, key).size),
  zscore: reads(3, (database, [key = "", member = ""]) => {
    const score = setAt(database, key).score(member);
    return score === undefined ? null : formatFloat(score);
  }),
  zrange: reads(-4, (database, args) => range(database, args, false)),
  zrevrange: reads(-4, (database, args) => range(database, args, true)),
  zremrangebyscore: writes(4, (database, [key = "", min = "", max = ""]) => {
    const low = scoreBound(min);
    const high = scoreBound(max);
    const set = setAt(database, key);
    const from = set.countWhile(({ score }) => (low.open ? score <= low.score : score < low.score));
    const to = set.countWhile(({ score }) =>
      high.open ? score < high.score : score <= high.score,
    );
    const members = from < to ? set.slice(from, to) : [];
    return remove(
      database,
      key,
      members.map(({ member }) => member),
    );
  }),
};

function setAt(database: Database, key: string): SortedSet {
  return database.get(key, "zset") ?? new SortedSet();
}

function remove(database: Database, key: string, members: readonly string[]): number {
  const set = setAt(database, key);
  const removed = members.filter((member) => set.delete(member)).length;
  database.dropIfEmpty(key);
  return removed;
}

/** A range of ranks; reversed, they count from the highest score. */
function range(database: Database, args: readonly string[], isReversed: boolean): Reply {
  const [key = "", start = "", stop = "", ...words] = args;
  const options = new Options(words);
  const withScores = options.take("WITHSCORES");
  if (!options.done) throw failures.syntax();
  const [first, last] = [count(start), count(stop)];
  const set = setAt(database, key);
  const [from, to] = sliceBounds(first, last, set.size);
  const members = isReversed
    ? set.slice(set.size - to, set.size - from).reverse()
    : set.slice(from, to);
  return members.flatMap(({ member, score }) =>
    withScores ? [member, formatFloat(score)] : [member],
  );
}

/** A bound such as `5`, `(5` or `-inf`. */
function scoreBound(text: string): { readonly score: number; readonly open: boolean } {
  const open = text.startsWith("(");
  const failure = () => new CommandFailure("ERR min or max is not a float");
  return { score: float(open ? text.slice(1) : text, failure), open };
}
