import { describeError } from "./errors.ts";

/** Facts that go with a log line. Never secrets, tokens or message texts. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured logging in the form Cloud Logging reads. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, error: unknown, fields?: LogFields): void;
  /** A log whose lines all carry `fields`. */
  with(fields: LogFields): Log;
}

/** Where finished lines go. */
export type LogWriter = (line: string) => void;

/**
 * A log that writes one JSON line an entry.
 * Severities: https://cloud.google.com/logging/docs/structured-logging
 */
export function createLog(write: LogWriter = writeToStdout, base: LogFields = {}): Log {
  const entry = (severity: string, message: string, fields: LogFields = {}) =>
    write(JSON.stringify({ severity, message, ...base, ...fields }));
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

function writeToStdout(line: string): void {
  process.stdout.write(`${line}\n`);
}
