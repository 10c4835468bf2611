import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";

/**
 * One function at work on one request, message or task. A trace is all the spans that come of one
 * cause: a topic or queue between two of them carries the trace along as a `traceparent`.
 */
export interface Span {
  /** 32 hexadecimal digits, the same from the first request to the last message it leads to. */
  traceId: string;
  /** 16 hexadecimal digits, this span's own. */
  readonly spanId: string;
  /** The span it comes of; whoever sent the request may be one that writes no log of ours. */
  parentSpanId: string | undefined;
  readonly projectId: string;
  /** What the span's last log line will say besides. */
  readonly facts: Record<string, unknown>;
}

/** The header of a request that carries a trace, and the attribute of a message. */
export const TRACEPARENT = "traceparent";

/**
 * Carries a task's trace again: on the way from Cloud Tasks to a function Google puts a span of its
 * own into `traceparent`, which our logs do not know. https://cloud.google.com/trace/docs/trace-context
 */
export const TASK_TRACEPARENT = "x-c500-traceparent";

/** https://www.w3.org/TR/trace-context/#traceparent-header-field-values */
const FORMAT =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-|$)/;

const SPAN_ID_LENGTH = 16;

const spans = new AsyncLocalStorage<Span | undefined>();

/** The span that the calling code works for; undefined outside of every request. */
export function currentSpan(): Span | undefined {
  return spans.getStore();
}

/** Runs `work` as a span of its own: of the trace that `traceparent` names, else of a new one. */
export function inNewSpan<T>(projectId: string, traceparent: string | undefined, work: () => T): T {
  const [, traceId = randomDigits(), parentSpanId] = parts(traceparent);
  const spanId = randomDigits().slice(0, SPAN_ID_LENGTH);
  return spans.run({ traceId, spanId, parentSpanId, projectId, facts: {} }, work);
}

/** 32 random hexadecimal digits: Node keeps random bytes for UUIDs at hand, and asks for others each time. */
function randomDigits(): string {
  return randomUUID().replaceAll("-", "");
}

/** Runs `work` for no request: for what many share, none of which is to be taken for its cause. */
export function outsideSpans<T>(work: () => T): T {
  return spans.run(undefined, work);
}

/** Makes the current span one of the trace that a message or task brought along, if it brought one. */
export function continueTrace(traceparent: string | undefined): void {
  const span = spans.getStore();
  const [, traceId, parentSpanId] = parts(traceparent);
  if (!span || traceId === undefined) return;
  span.traceId = traceId;
  span.parentSpanId = parentSpanId;
}

/** What the current span's last log line shall say besides. No secrets, nothing about a person. */
export function note(facts: Readonly<Record<string, unknown>>): void {
  const span = spans.getStore();
  if (span) Object.assign(span.facts, facts);
}

/** The current span for whom it leads to; undefined outside of every request. */
export function currentTraceparent(): string | undefined {
  const span = spans.getStore();
  return span && `00-${span.traceId}-${span.spanId}-01`;
}

/** The whole, the trace and the span; nothing of what is no traceparent. */
function parts(traceparent: string | undefined): readonly (string | undefined)[] {
  return FORMAT.exec(traceparent ?? "") ?? [];
}
