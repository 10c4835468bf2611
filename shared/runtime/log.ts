import { describeError } from "./errors.ts";
import { currentSpan } from "./trace.ts";

/** The fields of a log line. Never secrets, tokens or message texts. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured logging in Cloud Logging's format. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, error: unknown, fields?: LogFields): void;
  /** A log that adds `fields` to every line. */
  with(fields: LogFields): Log;
}

/** Cloud Logging reads a line's trace and span from these fields. */
export const TRACE_FIELD = "logging.googleapis.com/trace";
export const SPAN_FIELD = "logging.googleapis.com/spanId";

/** Writes one finished line. */
export type LogWriter = (line: string) => void;

/**
 * A log that writes one JSON line per entry, with its trace.
 * Severities and field names: https://cloud.google.com/logging/docs/structured-logging
 */
export function createLog(write: LogWriter = writeToStdout, base: LogFields = {}): Log {
  const entry = (severity: string, message: string, fields: LogFields = {}) =>
    write(JSON.stringify({ severity, message, ...base, ...fields, ...traceFields() }));
  return {
    info: (message, fields) => entry("INFO", message, fields),
    warn: (message, fields) => entry("WARNING", message, fields),
    error: (message, error, fields) =>
      entry("ERROR", message, {
        ...fields,
        error: describeError(error),
        stack: error instanceof Error ? error.stack : undefined,
      }),
    with: (fields) => createLog(write, { ...base, ...fields }),
  };
}

function traceFields(): LogFields | undefined {
  const span = currentSpan();
  return (
    span && {
      [TRACE_FIELD]: `projects/${span.projectId}/traces/${span.traceId}`,
      [SPAN_FIELD]: span.spanId,
    }
  );
}

function writeToStdout(line: string): void {
  process.stdout.write(`${line}\n`);
}
