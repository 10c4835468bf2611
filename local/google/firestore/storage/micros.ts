import type { Timestamp } from "../types.ts";

/**
 * A time in microseconds since the epoch, Firestore's precision; exact as a number until the year
 * 2255.
 */
export type Micros = number;

/** Converts to a protobuf timestamp. */
export function toTimestamp(micros: Micros): Timestamp {
  const seconds = Math.floor(micros / 1e6);
  return { seconds: String(seconds), nanos: (micros - seconds * 1e6) * 1000 };
}

/** Converts a protobuf timestamp, truncated to microseconds. */
export function toMicros({ seconds, nanos }: Timestamp): Micros {
  return Number(seconds) * 1e6 + Math.floor(nanos / 1000);
}
