import { type CallInTrace, callTree } from "../../../../../tools/ops/log/call-tree.ts";
import type { LogEntry } from "../../../../../tools/ops/log/entries.ts";
import type { StudioHost } from "../../../host.ts";

/** How a trace went; the worst of its calls counts. */
export type TraceState = "running" | "ok" | "retried" | "refused" | "failed";

/** A trace as the list shows it. */
export interface TraceSummary {
  readonly id: string;
  readonly atMs: number;
  readonly durationMs: number;
  /** What began it: "/c500 live by mina", "stripe payment_intent.succeeded". */
  readonly title: string;
  readonly functions: readonly string[];
  readonly calls: number;
  readonly errors: number;
  readonly state: TraceState;
}

/** Says what began a trace. */
export type TitleOf = (root: CallInTrace) => string;

/** What began each kind of request, by the function that received it. */
const SENDERS: Readonly<Record<string, string>> = {
  "stripe-webhook": "stripe",
  "twitch-webhook": "twitch",
  "shop-webhook": "shop",
  "internal-api": "internal API",
  web: "site",
};

/** Sums up a trace. */
export function summarise(
  id: string,
  entries: readonly LogEntry[],
  titleOf: TitleOf,
): TraceSummary {
  const roots = callTree(entries);
  const calls = roots.flatMap(withChildren);
  const atMs = Math.min(...calls.map(({ startMs }) => startMs));
  const [root] = roots;
  return {
    id,
    atMs,
    durationMs: Math.max(...calls.map(({ endMs }) => endMs)) - atMs,
    title: root ? titleOf(root) : id,
    functions: [...new Set(calls.map(functionOf))],
    calls: calls.length,
    errors: entries.filter(({ severity }) => severity === "ERROR").length,
    state: stateOf(calls),
  };
}

/** A call and all below it, each before those that it caused. */
export function withChildren(call: CallInTrace): CallInTrace[] {
  return [call, ...call.children.flatMap(withChildren)];
}

/** The name of the function that was called. */
export function functionOf({ handled, entries }: CallInTrace): string {
  return String((handled ?? entries[0])?.fields["function"] ?? "unknown");
}

function stateOf(calls: readonly CallInTrace[]): TraceState {
  const outcomes = new Set(calls.map(({ handled }) => handled?.fields["outcome"] ?? "running"));
  if (outcomes.has("failed") || outcomes.has("kept")) return "failed";
  if (outcomes.has("running")) return "running";
  if (outcomes.has("again")) return isOvercome(calls) ? "retried" : "failed";
  return outcomes.has("refused") ? "refused" : "ok";
}

/** Whether everything that failed was handled by a later attempt. */
function isOvercome(calls: readonly CallInTrace[]): boolean {
  const done = new Set(
    calls.filter(({ handled }) => handled?.fields["outcome"] === "done").map(workOf),
  );
  return calls.every(
    (call) => call.handled?.fields["outcome"] !== "again" || done.has(workOf(call)),
  );
}

/** What several attempts have in common. */
function workOf(call: CallInTrace): string {
  const { messageId, taskId } = call.handled?.fields ?? {};
  return `${functionOf(call)} ${messageId ?? taskId}`;
}

/** Says what began a trace, with the names of those who did. */
export function titlesFrom({ cloud: { discord } }: StudioHost): TitleOf {
  const sent = new Map(
    (discord?.events() ?? []).flatMap((event) =>
      event.kind === "interaction-sent" ? [[event.interactionId, event] as const] : [],
    ),
  );
  return (root) => {
    const { fields = {} } = root.handled ?? root.entries[0] ?? {};
    const interaction = sent.get(String(fields["interactionId"]));
    if (interaction) {
      const { userId } = interaction;
      // A program may send an interaction that Discord's users cannot.
      const isRaw = interaction.what.startsWith("raw ");
      const what = isRaw ? `/${fields["what"]}` : interaction.what;
      return `${what} by ${discord?.userName(userId) ?? userId}`;
    }
    const name = functionOf(root);
    const what = String(fields["what"] ?? fields["message"] ?? "");
    if (fields["kind"] === "run") return `${name} run`;
    return `${SENDERS[name] ?? name} ${what === name ? "" : what}`.trim();
  };
}
