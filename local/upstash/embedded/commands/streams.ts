import type { Reply } from "../../reply.ts";
import { type CommandTable, Options, reads, writes } from "../command.ts";
import type { Database } from "../database.ts";
import { CommandFailure, failures } from "../failure.ts";
import { count } from "../numbers.ts";
import { formatId, type StreamEntry } from "../stream.ts";
import { parseId, rangeBound } from "./stream-ids.ts";

/** Stream commands, without consumer groups. */
export const streamCommands: CommandTable = {
  xadd: writes(-5, add),
  xdel: writes(-3, (database, [key = "", ...ids]) => {
    const stream = database.get(key, "stream");
    if (!stream) return 0;
    const wanted = ids.map((id) => parseId(id, 0n));
    return wanted.filter((id) => stream.delete(id)).length;
  }),
  xlen: reads(2, (database, [key = ""]) => database.get(key, "stream")?.length ?? 0),
  xrange: reads(-4, (database, [key = "", start = "", stop = "", ...words]) =>
    range(database, key, { start, stop, words, isReversed: false }),
  ),
  xrevrange: reads(-4, (database, [key = "", stop = "", start = "", ...words]) =>
    range(database, key, { start, stop, words, isReversed: true }),
  ),
};

/** XADD with an id that the caller chose. */
function add(database: Database, args: readonly string[], name: string): Reply {
  const [key = "", idText = "", ...fields] = args;
  const id = parseId(idText, 0n);
  if (id === 0n) throw new CommandFailure("ERR The ID specified in XADD must be greater than 0-0");
  if (fields.length % 2 > 0) throw failures.wrongArity(name);
  if (id <= (database.get(key, "stream")?.lastId ?? 0n)) {
    throw new CommandFailure(
      "ERR The ID specified in XADD is equal or smaller than the target stream top item",
    );
  }
  database.getOrCreate(key, "stream").append({ id, fields });
  return formatId(id);
}

interface Range {
  readonly start: string;
  readonly stop: string;
  readonly words: readonly string[];
  readonly isReversed: boolean;
}

function range(database: Database, key: string, wanted: Range): Reply {
  const from = rangeBound(wanted.start, "from");
  const to = rangeBound(wanted.stop, "to");
  const options = new Options(wanted.words);
  const limit = options.take("COUNT") ? Math.max(0, count(options.value())) : undefined;
  if (!options.done) throw failures.syntax();
  const stream = database.get(key, "stream");
  if (stream && limit === 0) return null;
  const entries = stream?.range(from, to) ?? [];
  if (wanted.isReversed) entries.reverse();
  return entries.slice(0, limit).map(entryReply);
}

function entryReply({ id, fields }: StreamEntry): Reply {
  return [formatId(id), fields];
}
