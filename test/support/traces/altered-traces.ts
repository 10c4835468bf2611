import type { Entry, Fields } from "../../../simulation/replay/record.ts";

/** The documents that an entry changes. */
export function changesOf(entry: Entry) {
  return entry.kind === "commit" ? entry.changes() : [];
}

/** A trace without Stripe's events of a type. */
export function without(entries: readonly Entry[], type: string): Entry[] {
  return entries.filter((entry) => entry.kind !== "stripe" || entry.event.type !== type);
}

/** A trace in which a document is stored differently. */
export function altered(
  entries: readonly Entry[],
  path: string,
  alter: (fields: Fields) => Fields,
): Entry[] {
  return entries.map((entry): Entry => {
    if (entry.kind !== "commit") return entry;
    const changes = entry.changes().map((change) => {
      if (change.path !== path) return change;
      const { before, after } = change;
      return { path, before: before && alter(before), after: after && alter(after) };
    });
    return { ...entry, changes: () => changes };
  });
}

/** A trace in which some fields of a document are stored differently from an entry on. */
export function alteredFrom(
  entries: readonly Entry[],
  from: number,
  path: string,
  fields: Fields,
): Entry[] {
  let isLater = false;
  return entries.map((entry, index): Entry => {
    if (entry.kind !== "commit" || index < from) return entry;
    const changes = entry.changes().map((change) => {
      if (change.path !== path || !change.after) return change;
      const before = isLater && change.before ? { ...change.before, ...fields } : change.before;
      isLater = true;
      return { path, before, after: { ...change.after, ...fields } };
    });
    return { ...entry, changes: () => changes };
  });
}
