import * as z from "zod/mini";
import { SPAN_FIELD, TRACE_FIELD } from "../../shared/runtime/log.ts";

/** A line of a function's log, wherever it was kept. */
export interface LogEntry {
  readonly atMs: number;
  readonly severity: string;
  readonly traceId: string;
  readonly spanId: string;
  /** All that the function wrote, `message` and `function` among it. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Where log lines are kept. */
export interface LogSource {
  /** What to call it. */
  readonly name: string;
  /** A trace's lines, oldest first. */
  entriesOf(traceId: string): Promise<LogEntry[]>;
  /** The traces that a Discord interaction began; more than one when Discord sent it twice. */
  tracesOf(interactionId: string): Promise<string[]>;
}

/** A line as the local cloud keeps it. */
const localLine = z.looseObject({
  time: z.string(),
  severity: z.string(),
  [TRACE_FIELD]: z.string(),
  [SPAN_FIELD]: z.string(),
});

/** The traces of lines of the local cloud; lines that belong to none, or are half written, are left out. */
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
    const { time, severity, ...written } = localLine.parse(JSON.parse(line));
    const { [TRACE_FIELD]: trace, [SPAN_FIELD]: spanId, ...fields } = written;
    return [{ atMs: Date.parse(time), severity, traceId: idOf(trace), spanId, fields }];
  } catch {
    return [];
  }
}

/** The id at the end of `projects/PROJECT/traces/ID`. */
export function idOf(trace: string): string {
  return trace.slice(trace.lastIndexOf("/") + 1);
}
