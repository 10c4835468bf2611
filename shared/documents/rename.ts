import type { Firestore, Query, QueryDocumentSnapshot } from "../ports/database.ts";

/** Documents read at a time. */
const PAGE = 200;

/**
 * A stored value with one id in the place of another wherever it is a whole text or a field's name;
 * numbers, times and all other texts stay as they are.
 */
export function renamed(value: unknown, from: string, to: string): unknown {
  if (value === from) return to;
  if (Array.isArray(value)) return value.map((each) => renamed(each, from, to));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key === from ? to : key, renamed(each, from, to)]),
  );
}

/** Whether an id, or any text, is somewhere in a stored value. */
export function mentions(value: unknown, text: string): boolean {
  return JSON.stringify(value ?? null).includes(text);
}

/** Every document that a query finds, by its path, a page at a time; what changes meanwhile is no trouble. */
export async function* eachDocument(query: Query): AsyncGenerator<QueryDocumentSnapshot> {
  const ordered = query.orderBy("__name__").limit(PAGE);
  let page = await ordered.get();
  for (;;) {
    yield* page.docs;
    const last = page.docs.at(-1);
    if (!last || page.docs.length < PAGE) return;
    page = await ordered.startAfter(last).get();
  }
}

/** Deletes every document that a query finds. */
export async function deleteEach(firestore: Firestore, query: Query): Promise<void> {
  for (;;) {
    const { docs } = await query.limit(PAGE).get();
    const batch = firestore.batch();
    for (const { ref } of docs) batch.delete(ref);
    await batch.commit();
    if (docs.length < PAGE) return;
  }
}

/** Times and references have fields too, and are no maps of ours. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
