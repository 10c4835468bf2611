/** A sender's clock may be this far ahead of ours; a time further ahead is a mistake or forged. */
export const MAX_AHEAD_MS = 5 * 60_000;

/** https://www.rfc-editor.org/rfc/rfc3339#section-5.6, with fractions down to the nanosecond. */
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** Whether a sender's time is more than five minutes ahead of ours, or invalid. */
export function isAhead(atMs: number, nowMs: number): boolean {
  return !(atMs - nowMs <= MAX_AHEAD_MS);
}

/** Parses an RFC 3339 time with its zone into milliseconds; undefined for anything else. */
export function readRfc3339(text: string): number | undefined {
  const atMs = RFC_3339.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : atMs;
}
