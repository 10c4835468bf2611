import type { Options } from "../command.ts";
import { CommandFailure, failures } from "../failure.ts";
import { integer } from "../numbers.ts";
import type { Stream } from "../stream.ts";
import { parseId } from "./stream-ids.ts";

/**
 * Redis stores this many entries per node and trims only whole nodes when the limit is approximate.
 */
const ENTRIES_PER_NODE = 100;

/**
 * Parses MAXLEN or MINID with its options, if one is next. Returns a function that trims a stream.
 */
export function trimOption(options: Options): ((stream: Stream) => number) | undefined {
  const by = options.peek();
  if (by !== "MAXLEN" && by !== "MINID") return undefined;
  options.next();
  const approximate = options.take("~");
  if (!approximate) options.take("=");
  const threshold = options.next();
  if (threshold === undefined) throw failures.syntax();
  const excess = by === "MAXLEN" ? beyondLength(threshold) : beforeId(threshold);
  const limit = options.take("LIMIT") ? limitOf(options, approximate) : undefined;
  return (stream) => {
    let dropped = excess(stream);
    if (approximate && dropped < stream.length) dropped -= dropped % ENTRIES_PER_NODE;
    if (limit) dropped = Math.min(dropped, limit - (limit % ENTRIES_PER_NODE));
    stream.dropOldest(dropped);
    return dropped;
  };
}

function beyondLength(text: string): (stream: Stream) => number {
  const length = integer(text);
  if (length < 0n) throw new CommandFailure("ERR The MAXLEN argument must be >= 0.");
  return (stream) => Math.max(0, stream.length - Number(length));
}

function beforeId(text: string): (stream: Stream) => number {
  const id = parseId(text, 0n);
  return (stream) => stream.countBelow(id);
}

function limitOf(options: Options, approximate: boolean): number {
  const limit = integer(options.next() ?? "");
  if (limit < 0n) throw new CommandFailure("ERR The LIMIT argument must be >= 0.");
  if (!approximate) {
    throw new CommandFailure("ERR syntax error, LIMIT cannot be used without the special ~ option");
  }
  return Number(limit);
}
