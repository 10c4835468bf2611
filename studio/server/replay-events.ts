import type { RecordedStep } from "../../simulation/recording/recording.ts";

/** What kind of thing happened. */
export type ReplayEventKind = "call" | "delivery" | "write" | "message" | "log" | "machine";

/** One thing that happened in a replayed step. */
export interface ReplayEvent {
  /** Since the run's beginning. */
  readonly atMs: number;
  readonly kind: ReplayEventKind;
  readonly text: string;
  /** The fields of a log line as JSON. */
  readonly json?: string;
  /** Whether a fault was drawn for it, or it is an error in the log. */
  readonly isTrouble: boolean;
}

const LOG = "log ";
const SERVICES = /^(?:discord|firestore|project|pubsub|secrets|shops|stripe|tasks|twitch|upstash) /;
const DELIVERY = /^\w+ (?:deliver|dispatch) /;
/** The line that begins a step, which its name says already. */
const START = /^(?:action \d+ |everything heals$)/;
const FAULT = /\[[^\]]+\]$/;

/** Everything that happened in a step, in order: its trace, its writes and people's messages. */
export function eventsOf({ firstLine, ...step }: RecordedStep): ReplayEvent[] {
  const beganAtMs = (step.lines[0]?.atMs ?? 0) - step.atMs;
  const lines = step.lines.map(({ atMs, what }, index) => ({
    atMs,
    order: index,
    ...eventOf(what),
  }));
  const writes = step.writes.map(({ atMs, line, path, what, state }) => ({
    atMs,
    order: line - firstLine - 0.5,
    kind: "write" as const,
    text: `${path} ${what}${state === undefined ? "" : ` (${state})`}`,
    isTrouble: false,
  }));
  const messages = step.messages.map(({ atMs, where, text }) => ({
    atMs,
    order: step.lines.filter((line) => line.atMs <= atMs).length - 0.25,
    kind: "message" as const,
    text: `${where}: ${text}`,
    isTrouble: false,
  }));
  return [...lines.filter(({ text }) => !START.test(text)), ...writes, ...messages]
    .sort((one, other) => one.order - other.order)
    .map(({ order: _, atMs, ...event }) => ({ ...event, atMs: atMs - beganAtMs }));
}

function eventOf(what: string): Omit<ReplayEvent, "atMs"> {
  if (what.startsWith(LOG)) return logEvent(what.slice(LOG.length));
  const isTrouble = FAULT.test(what);
  if (DELIVERY.test(what)) return { kind: "delivery", text: what, isTrouble };
  if (SERVICES.test(what)) return { kind: "call", text: what, isTrouble };
  return { kind: "machine", text: what, isTrouble };
}

function logEvent(json: string): Omit<ReplayEvent, "atMs"> {
  try {
    const { severity, message, function: name } = JSON.parse(json);
    const isTrouble = severity !== "INFO" && severity !== "DEBUG";
    return { kind: "log", text: `${name ?? ""}: ${message}`, json, isTrouble };
  } catch {
    return { kind: "log", text: json, isTrouble: false };
  }
}
