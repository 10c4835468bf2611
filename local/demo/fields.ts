/** A stored time in milliseconds since the epoch; undefined if it is none. */
export function timeIn(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null || !("toMillis" in value)) return undefined;
  const read: unknown = value.toMillis;
  return typeof read === "function" ? Number(read.call(value)) : undefined;
}

/** The records of a stored list; none if it is no list. */
export function recordsIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value : [];
}
