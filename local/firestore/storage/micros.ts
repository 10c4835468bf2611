import type { Timestamp } from "../types.ts";

/** A moment in microseconds since the epoch, the precision of Firestore; exact as a number until the year 2255. */
export type Micros = number;

/** A moment as protobuf writes it. */
export function toTimestamp(micros: Micros): Timestamp {
  const seconds = Math.floor(micros / 1e6);
  return { seconds: String(seconds), nanos: (micros - seconds * 1e6) * 1000 };
}

/** A protobuf moment in microseconds; what is finer is cut off. */
export function toMicros({ seconds, nanos }: Timestamp): Micros {
  return Number(seconds) * 1e6 + Math.floor(nanos / 1000);
}
