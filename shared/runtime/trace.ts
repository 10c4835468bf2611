import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";

/**
 * One function's work on one request, message or task. A trace consists of all spans with one original cause;
 * messages and tasks carry it from one span to the next as a `traceparent`.
 */
export interface Span {
  /** 32 hexadecimal digits, the same from the first request to the last message that it causes. */
  traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** The span that caused this one; it may belong to a sender that does not write to our log. */
  parentSpanId: string | undefined;
  readonly projectId: string;
  /** Additional fields for the span's last log line. */
  readonly facts: Record<string, unknown>;
}

/** The header of a request that carries a trace, and the attribute of a message. */
export const TRACEPARENT = "traceparent";

/**
 * A second header with a task's trace: between Cloud Tasks and a function, Google replaces the span in `traceparent`
 * with its own, which our logs do not know. https://cloud.google.com/trace/docs/trace-context
 */
export const TASK_TRACEPARENT = "x-c500-traceparent";

/** https://www.w3.org/TR/trace-context/#traceparent-header-field-values */
const FORMAT =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-|$)/;

const SPAN_ID_LENGTH = 16;

const spans = new AsyncLocalStorage<Span | undefined>();

/** The span of the calling code; undefined outside of requests. */
export function currentSpan(): Span | undefined {
  return spans.getStore();
}

/** Runs `work` in a new span, in the trace of `traceparent` or in a new trace. */
export function inNewSpan<T>(projectId: string, traceparent: string | undefined, work: () => T): T {
  const [, traceId = randomDigits(), parentSpanId] = parts(traceparent);
  const spanId = randomDigits().slice(0, SPAN_ID_LENGTH);
  return spans.run({ traceId, spanId, parentSpanId, projectId, facts: {} }, work);
}

/** 32 random hexadecimal digits. Node caches random bytes for UUIDs, so this is faster than `randomBytes`. */
function randomDigits(): string {
  return randomUUID().replaceAll("-", "");
}

/** Runs `work` outside of any span: for work that several requests share. */
export function outsideSpans<T>(work: () => T): T {
  return spans.run(undefined, work);
}

/** Moves the current span into the trace that a message or task carries, if it carries one. */
export function continueTrace(traceparent: string | undefined): void {
  const span = spans.getStore();
  const [, traceId, parentSpanId] = parts(traceparent);
  if (!span || traceId === undefined) return;
  span.traceId = traceId;
  span.parentSpanId = parentSpanId;
}

/** Adds fields to the current span's last log line. No secrets, nothing about a person. */
export function note(facts: Readonly<Record<string, unknown>>): void {
  const span = spans.getStore();
  if (span) Object.assign(span.facts, facts);
}

/** The current span as a `traceparent` for messages and tasks; undefined outside of requests. */
export function currentTraceparent(): string | undefined {
  const span = spans.getStore();
  return span && `00-${span.traceId}-${span.spanId}-01`;
}

/** The parts of a traceparent: the whole, the trace and the span; empty if it is invalid. */
function parts(traceparent: string | undefined): readonly (string | undefined)[] {
  return FORMAT.exec(traceparent ?? "") ?? [];
}
