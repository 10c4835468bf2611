/** `google.protobuf.Timestamp` and `Duration` as the proto loader returns them. */
export interface Seconds {
  readonly seconds: string;
  readonly nanos: number;
}

/** Converts milliseconds to a protobuf timestamp or duration. */
export function toSeconds(ms: number): Seconds {
  const seconds = Math.floor(ms / 1000);
  return { seconds: String(seconds), nanos: Math.round((ms - seconds * 1000) * 1000) * 1000 };
}

/**
 * Converts a protobuf timestamp or duration to milliseconds; undefined when the field is not set.
 */
export function toMs(time: Seconds | null | undefined): number | undefined {
  return time ? Number(time.seconds) * 1000 + time.nanos / 1e6 : undefined;
}
