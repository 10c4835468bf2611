import type { Reply } from "../../reply.ts";
import { type CommandTable, Options, reads, writes } from "../command.ts";
import type { Database } from "../database.ts";
import { CommandFailure, failures } from "../failure.ts";
import { integer } from "../numbers.ts";
import { formatId, Stream, type StreamEntry } from "../stream.ts";
import { newId, parseId, rangeBound } from "./stream-ids.ts";
import { trimOption } from "./stream-trim.ts";

/** Stream commands, without consumer groups. */
export const streamCommands: CommandTable = {
  xadd: writes(-5, add),
  xlen: reads(2, (database, [key = ""]) => streamAt(database, key).length),
  xrange: reads(-4, (database, args) => {
    const [key = "", start = "", stop = "", ...words] = args;
    return range(database, key, start, stop, words, false);
  }),
  xrevrange: reads(-4, (database, args) => {
    const [key = "", stop = "", start = "", ...words] = args;
    return range(database, key, start, stop, words, true);
  }),
  xread: reads(-4, read),
  xdel: writes(-3, (database, [key = "", ...ids]) => {
    const stream = database.get(key, "stream");
    if (!stream) return 0;
    const wanted = ids.map((id) => parseId(id, 0n));
    return wanted.filter((id) => stream.delete(id)).length;
  }),
  xtrim: writes(-4, (database, [key = "", ...words]) => {
    const options = new Options(words);
    const trim = trimOption(options);
    if (!trim || !options.done) throw failures.syntax();
    return trim(streamAt(database, key));
  }),
};

function streamAt(database: Database, key: string): Stream {
  return database.get(key, "stream") ?? new Stream();
}

function add(database: Database, args: readonly string[], name: string): Reply {
  const [key = "", ...words] = args;
  const options = new Options(words);
  let makeStream = true;
  let trim: ((stream: Stream) => number) | undefined;
  for (;;) {
    const found = trimOption(options);
    if (found) trim = found;
    else if (options.take("NOMKSTREAM")) makeStream = false;
    else break;
  }
  const idText = options.next();
  const fields = options.rest();
  const wantedId = newId(idText ?? "");
  if (fields.length === 0 || fields.length % 2 > 0) throw failures.wrongArity(name);
  const before = database.get(key, "stream");
  if (!before && !makeStream) return null;
  const id = wantedId(before?.lastId ?? 0n, database.nowMs());
  const stream = database.getOrCreate(key, "stream");
  stream.append({ id, fields });
  trim?.(stream);
  return formatId(id);
}

function range(
  database: Database,
  key: string,
  start: string,
  stop: string,
  words: readonly string[],
  reverse: boolean,
): Reply {
  const from = rangeBound(start, "from");
  const to = rangeBound(stop, "to");
  const options = new Options(words);
  const limit = options.take("COUNT") ? countOption(options) : undefined;
  if (!options.done) throw failures.syntax();
  const stream = database.get(key, "stream");
  if (stream && limit === 0) return null;
  const entries = stream?.range(from, to) ?? [];
  if (reverse) entries.reverse();
  return entries.slice(0, limit).map(entryReply);
}

function countOption(options: Options): number {
  const word = options.next();
  if (word === undefined) throw failures.syntax();
  return Math.max(0, Number(integer(word)));
}

/** XREAD without blocking: the entries after the given ids, or null if there are none. */
function read(database: Database, args: readonly string[]): Reply {
  const options = new Options(args);
  const limit = options.take("COUNT") ? countOption(options) || undefined : undefined;
  if (!options.take("STREAMS")) throw failures.syntax();
  const rest = options.rest();
  if (rest.length === 0 || rest.length % 2 > 0) {
    throw new CommandFailure(
      "ERR Unbalanced 'xread' list of streams: for each stream key an ID or '$' must be specified.",
    );
  }
  const keys = rest.slice(0, rest.length / 2);
  const after = rest.slice(keys.length).map((id, index) => {
    const stream = database.get(keys[index] ?? "", "stream");
    return id === "$" ? (stream?.lastId ?? 0n) : parseId(id, 0n);
  });
  const answers = keys.flatMap((key, index) => {
    const stream = streamAt(database, key);
    const entries = stream.range((after[index] ?? 0n) + 1n, stream.lastId).slice(0, limit);
    return entries.length > 0 ? [[key, entries.map(entryReply)]] : [];
  });
  return answers.length > 0 ? answers : null;
}

function entryReply({ id, fields }: StreamEntry): Reply {
  return [formatId(id), fields];
}
