import { type CallInTrace, callTree } from "./call-tree.ts";
import type { LogEntry } from "./entries.ts";

/** Fields that the story shows in other ways, or that the call's own line shows. */
const SHOWN_ELSEWHERE = new Set([
  "message",
  "function",
  "event",
  "what",
  "kind",
  "outcome",
  "durationMs",
  "stack",
  "parentSpanId",
  "subscription",
  "queue",
  "messageId",
  "eventId",
  "taskId",
  "interactionId",
]);
const NAME_WIDTH = 26;

/**
 * Describes a trace as an indented story: each function below the one that triggered it, with the time since
 * the beginning, what it did, how it ended and how long it took, and below that its log lines.
 */
export function describeTrace(entries: readonly LogEntry[]): string[] {
  const roots = callTree(entries);
  const startMs = Math.min(...roots.map((root) => root.startMs));
  const endMs = Math.max(...entries.map(({ atMs }) => atMs));
  const calls = new Set(entries.map(({ spanId }) => spanId)).size;
  const title = `Trace ${entries[0]?.traceId}: ${calls} ${calls === 1 ? "call" : "calls"} in ${seconds(endMs - startMs)}`;
  return [title, ...roots.flatMap((root) => describeWork(root, startMs, 0))];
}

function describeWork(work: CallInTrace, zeroMs: number, depth: number): string[] {
  const { handled, entries, children } = work;
  const indent = "  ".repeat(depth);
  const at = (ms: number) => `+${seconds(ms - zeroMs).padStart(10)}  ${indent}`;
  const { fields = {} } = handled ?? entries[0] ?? {};
  const name = String(fields["function"] ?? "unknown").padEnd(NAME_WIDTH - indent.length);
  const ending = handled ? endOf(handled) : "no end in the log";
  return [
    `${at(work.startMs)}${name} ${ending}`,
    ...entries
      .filter((entry) => entry !== handled)
      .map((entry) => `${at(entry.atMs)}  · ${describeEntry(entry)}`),
    ...children.flatMap((child) => describeWork(child, zeroMs, depth + 1)),
  ];
}

function endOf({ severity, fields }: LogEntry): string {
  const attempt = Number(fields["attempt"] ?? 1) > 1 ? `, attempt ${fields["attempt"]}` : "";
  const what = `${fields["kind"]} ${fields["what"]}${attempt}`;
  const error = severity === "INFO" ? "" : ` ${fields["error"]}`;
  return `${what} → ${fields["outcome"]} (${fields["status"]}) in ${fields["durationMs"]} ms${error}`;
}

function describeEntry({ severity, fields }: LogEntry): string {
  const loud = severity === "INFO" ? "" : `${severity}: `;
  const details = Object.entries(fields)
    .filter(([name]) => !SHOWN_ELSEWHERE.has(name))
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  return [`${loud}${fields["message"]}`, ...details].join("  ");
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`;
}
