import type { Options } from "../command.ts";
import { CommandFailure, failures } from "../failure.ts";
import { count, float } from "../numbers.ts";
import type { ScoredMember, SortedSet } from "../sorted-set.ts";

/** A half-open range of a sorted set's ranks. */
export type RankRange = readonly [from: number, to: number];

/** How many members of a range to skip and to return; a negative limit returns all. */
export interface Limit {
  readonly offset: number;
  readonly limit: number;
}

/** Finds the ranks of the scores between two bounds such as `5`, `(5` and `-inf`. */
export function scoreRange(min: string, max: string): (set: SortedSet) => RankRange {
  const low = scoreBound(min);
  const high = scoreBound(max);
  return (set) => [
    set.countWhile(({ score }) => (low.open ? score <= low.score : score < low.score)),
    set.countWhile(({ score }) => (high.open ? score < high.score : score <= high.score)),
  ];
}

function scoreBound(text: string): { score: number; open: boolean } {
  const open = text.startsWith("(");
  const failure = () => new CommandFailure("ERR min or max is not a float");
  return { score: float(open ? text.slice(1) : text, failure), open };
}

/**
 * The members of a rank range in the requested order; the limit counts from the start of that
 * order.
 */
export function membersIn(
  set: SortedSet,
  [from, to]: RankRange,
  reverse: boolean,
  { offset, limit }: Limit = { offset: 0, limit: -1 },
): ScoredMember[] {
  const members = from < to ? set.slice(from, to) : [];
  if (reverse) members.reverse();
  if (offset < 0) return [];
  return members.slice(offset, limit < 0 ? undefined : offset + limit);
}

/** Parses LIMIT with its two numbers, if it is next. */
export function limitOption(options: Options): Limit | undefined {
  if (!options.take("LIMIT")) return undefined;
  const [offset, limit] = [options.next(), options.next()];
  if (offset === undefined || limit === undefined) throw failures.syntax();
  return { offset: count(offset), limit: count(limit) };
}
