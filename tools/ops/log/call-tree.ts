import type { LogEntry } from "./entries.ts";

/** One call of a function, and its outcome. */
export interface CallInTrace {
  readonly startMs: number;
  readonly endMs: number;
  /** The line that ended it; undefined if it never ended, or is still running. */
  readonly handled: LogEntry | undefined;
  readonly entries: readonly LogEntry[];
  readonly children: CallInTrace[];
}

/** The calls of a trace below those that caused them, each list in the order of their beginnings. */
export function callTree(entries: readonly LogEntry[]): CallInTrace[] {
  const bySpan = Map.groupBy(entries, ({ spanId }) => spanId);
  const works = new Map([...bySpan].map(([spanId, own]) => [spanId, toCall(own)]));
  const roots: CallInTrace[] = [];
  for (const work of [...works.values()].sort((one, other) => one.startMs - other.startMs)) {
    const parent = works.get(String(work.handled?.fields["parentSpanId"]));
    (parent?.children ?? roots).push(work);
  }
  return roots;
}

function toCall(entries: readonly LogEntry[]): CallInTrace {
  const handled = entries.find(({ fields }) => fields["event"] === "handled");
  const durationMs = Number(handled?.fields["durationMs"] ?? 0);
  const firstMs = Math.min(...entries.map(({ atMs }) => atMs));
  const startMs = handled ? Math.min(firstMs, handled.atMs - durationMs) : firstMs;
  const endMs = Math.max(...entries.map(({ atMs }) => atMs));
  return { startMs, endMs, handled, entries, children: [] };
}
