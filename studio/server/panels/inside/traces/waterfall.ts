import { type CallInTrace, callTree } from "../../../../../tools/ops/log/call-tree.ts";
import type { LogEntry } from "../../../../../tools/ops/log/entries.ts";
import type { CommitLog } from "../../../commits.ts";
import { pathOf } from "../../../commits.ts";
import type { StudioHost } from "../../../host.ts";
import { functionOf } from "./summary.ts";

/** A message that a call published, and where it was delivered. */
interface PublishedRow {
  readonly messageId: string;
  readonly topic: string;
  readonly atMs: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly body: string;
  /** Every delivery that reached a function. */
  readonly deliveries: readonly {
    readonly spanId: string;
    readonly function: string;
    readonly outcome: string;
  }[];
}

/** A task that a call put into a queue. */
interface TaskRow {
  readonly taskId: string;
  readonly queue: string;
  readonly atMs: number;
  readonly dueMs: number;
  readonly state: string;
  readonly attempts: number;
  readonly body: string;
}

/** A call to Discord, Stripe, Twitch or Redis. */
interface OutsideRow {
  readonly service: string;
  readonly what: string;
  readonly atMs: number;
  readonly durationMs: number;
  readonly status: number | undefined;
  readonly body: string;
}

/** One call of a function: a bar of the waterfall, with what belongs to it. */
interface CallRow {
  readonly spanId: string;
  /** How far below the command it was caused. */
  readonly depth: number;
  readonly function: string;
  readonly kind: string;
  readonly what: string;
  readonly outcome: string;
  readonly status: number | undefined;
  readonly attempt: number;
  readonly startMs: number;
  readonly durationMs: number;
  readonly messageId: string | undefined;
  readonly lines: readonly {
    readonly atMs: number;
    readonly severity: string;
    readonly message: string;
    readonly fields: Readonly<Record<string, unknown>>;
  }[];
  readonly published: readonly PublishedRow[];
  readonly tasks: readonly TaskRow[];
  readonly outside: readonly OutsideRow[];
}

/** A trace with everything that is known of it. */
export interface Waterfall {
  readonly startMs: number;
  readonly endMs: number;
  readonly calls: readonly CallRow[];
  /** Paths of the documents that its functions wrote. */
  readonly documents: readonly string[];
}

/** What a span sent, by its id. */
interface Sent {
  readonly published: ReadonlyMap<string, readonly PublishedRow[]>;
  readonly tasks: ReadonlyMap<string, readonly TaskRow[]>;
  readonly outside: ReadonlyMap<string, readonly OutsideRow[]>;
}

/** Puts a trace together from the log, the emulators and the functions' calls. */
export function waterfallOf(
  traceId: string,
  entries: readonly LogEntry[],
  host: StudioHost,
  commits: CommitLog,
): Waterfall {
  const roots = callTree(entries);
  const sent = {
    published: publishedBy(traceId, entries, host),
    tasks: tasksOf(traceId, host),
    outside: outsideCalls(traceId, host),
  };
  const calls = roots.flatMap((root) => rowsOf(root, 0, sent));
  const written = commits
    .all()
    .filter((commit) => commits.traceOf(commit) === traceId)
    .flatMap(({ changes }) => changes.map(({ name }) => pathOf(name)));
  return {
    startMs: Math.min(...calls.map(({ startMs }) => startMs)),
    endMs: Math.max(...calls.map(({ startMs, durationMs }) => startMs + durationMs)),
    calls,
    documents: [...new Set(written)],
  };
}

function rowsOf(call: CallInTrace, depth: number, sent: Sent): CallRow[] {
  const { handled, entries, startMs, endMs } = call;
  const { fields = {} } = handled ?? entries[0] ?? {};
  const spanId = entries[0]?.spanId ?? "";
  const row: CallRow = {
    spanId,
    depth,
    function: functionOf(call),
    kind: String(fields["kind"] ?? "call"),
    what: String(fields["what"] ?? ""),
    outcome: String(handled?.fields["outcome"] ?? "running"),
    status: typeof fields["status"] === "number" ? fields["status"] : undefined,
    attempt: Number(fields["attempt"] ?? 1),
    startMs,
    durationMs: endMs - startMs,
    messageId: typeof fields["messageId"] === "string" ? fields["messageId"] : undefined,
    lines: entries.map(({ atMs, severity, fields: { message, ...others } }) => ({
      atMs,
      severity,
      message: String(message ?? ""),
      fields: others,
    })),
    published: sent.published.get(spanId) ?? [],
    tasks: sent.tasks.get(spanId) ?? [],
    outside: sent.outside.get(spanId) ?? [],
  };
  return [row, ...call.children.flatMap((child) => rowsOf(child, depth + 1, sent))];
}

/** The span of a `traceparent` of this trace. */
function spanIn(traceparent: string | undefined, traceId: string): string | undefined {
  const [, trace, span] = traceparent?.split("-") ?? [];
  return trace === traceId ? span : undefined;
}

function bySpan<Row>(rows: readonly (readonly [string | undefined, Row])[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const [spanId, row] of rows) {
    if (spanId !== undefined) found.set(spanId, [...(found.get(spanId) ?? []), row]);
  }
  return found;
}

function publishedBy(traceId: string, entries: readonly LogEntry[], { cloud }: StudioHost) {
  const handled = entries.filter(({ fields }) => fields["event"] === "handled");
  const published = cloud.pubsub?.published() ?? [];
  return bySpan(
    published.map((message) => {
      const { messageId, topicId, publishedAtMs, attributes, data } = message;
      const row: PublishedRow = {
        messageId,
        topic: topicId,
        atMs: publishedAtMs,
        attributes,
        body: data.toString("utf8"),
        deliveries: handled
          .filter(({ fields }) => fields["messageId"] === messageId)
          .map(({ spanId, fields }) => ({
            spanId,
            function: String(fields["function"]),
            outcome: String(fields["outcome"]),
          })),
      };
      return [spanIn(attributes["traceparent"], traceId), row];
    }),
  );
}

function tasksOf(traceId: string, { cloud }: StudioHost) {
  return bySpan(
    (cloud.tasks?.tasks() ?? []).map((task) => {
      const row: TaskRow = {
        taskId: task.taskId,
        queue: task.queueId,
        atMs: task.createdAtMs,
        dueMs: task.scheduledAtMs,
        state: task.state,
        attempts: task.attempts.length,
        body: task.body.toString("utf8"),
      };
      return [spanIn(task.headers["x-c500-traceparent"], traceId), row];
    }),
  );
}

function outsideCalls(traceId: string, { cloud }: StudioHost) {
  const services = [
    ["Discord", cloud.discord?.url],
    ["Stripe", cloud.stripe?.url],
    ["Twitch", cloud.twitch?.url],
    ["Redis", cloud.upstash?.url],
  ] as const;
  const calls = cloud.functions.outgoing?.of(traceId) ?? [];
  return bySpan(
    calls.map(({ spanId, method, url, body, atMs, durationMs, status }) => {
      const [service = "another service", base = ""] =
        services.find(([, at]) => at && url.startsWith(at)) ?? [];
      const path = url.slice(base.length).replaceAll(LONG_PART, shorten);
      const what = service === "Redis" ? redisCommand(body) : `${method} ${path}`;
      return [spanId, { service, what, atMs, durationMs, status, body } satisfies OutsideRow];
    }),
  );
}

/** A part of a path that nobody reads, such as an interaction's token. */
const LONG_PART = /[^/?]{40,}/g;
const shorten = (part: string) => `${part.slice(0, 8)}…`;

/** The words of a Redis command that say what it does; a script's digest says nothing. */
function redisCommand(body: string): string {
  try {
    const command: unknown = JSON.parse(body);
    if (!Array.isArray(command)) return "request";
    if (Array.isArray(command[0])) return `${command.length} commands`;
    const [name, ...words] = command.map(String);
    const isScript = name?.toUpperCase() === "EVALSHA" || name?.toUpperCase() === "EVAL";
    return [name?.toUpperCase(), ...(isScript ? words.slice(2, 3) : words.slice(0, 1))].join(" ");
  } catch {
    return "request";
  }
}
