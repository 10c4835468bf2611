import * as z from "zod/mini";
import { SPAN_FIELD, TRACE_FIELD } from "../../../shared/runtime/log.ts";

/** A line of a function's log, wherever it is stored. */
export interface LogEntry {
  readonly atMs: number;
  readonly severity: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Everything that the function wrote, including `message` and `function`. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A place where log lines are stored. */
export interface LogSource {
  /** Its name in messages. */
  readonly name: string;
  /** A trace's lines, oldest first. */
  entriesOf(traceId: string): Promise<LogEntry[]>;
  /** The traces that a Discord interaction started; several if Discord sent it more than once. */
  tracesOf(interactionId: string): Promise<string[]>;
}

/** A line as the local cloud stores it. */
const localLine = z.looseObject({
  time: z.string(),
  severity: z.string(),
  [TRACE_FIELD]: z.string(),
  [SPAN_FIELD]: z.string(),
});

/** The traces in the local cloud's log; lines without a trace and incomplete lines are skipped. */
export function localLog(name: string, readLines: () => Iterable<string>): LogSource {
  const entries = () => Iterator.from(readLines()).flatMap(readLine);
  return {
    name,
    entriesOf: async (traceId) =>
      entries()
        .filter((entry) => entry.traceId === traceId)
        .toArray(),
    tracesOf: async (interactionId) => {
      const ofIt = entries().filter(({ fields }) => fields["interactionId"] === interactionId);
      return [...new Set(ofIt.map(({ traceId }) => traceId))];
    },
  };
}

function readLine(line: string): LogEntry[] {
  try {
    return readFields(JSON.parse(line));
  } catch {
    return [];
  }
}

/** The entry of a line's fields, as the local cloud stores them; none if it belongs to no trace. */
export function readFields(line: unknown): LogEntry[] {
  const read = localLine.safeParse(line);
  if (!read.success) return [];
  const { time, severity, ...written } = read.data;
  const { [TRACE_FIELD]: trace, [SPAN_FIELD]: spanId, ...fields } = written;
  return [{ atMs: Date.parse(time), severity, traceId: idOf(trace), spanId, fields }];
}

/** The id at the end of `projects/PROJECT/traces/ID`. */
export function idOf(trace: string): string {
  return trace.slice(trace.lastIndexOf("/") + 1);
}
