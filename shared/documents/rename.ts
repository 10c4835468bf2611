import type { Firestore, Query, QueryDocumentSnapshot } from "../ports/database.ts";

/** Documents read at a time. */
const PAGE = 200;

/**
 * A stored value with one id replaced by another wherever it is a whole text or a field's name; numbers, times and all
 * other texts are unchanged.
 */
export function renamed(value: unknown, from: string, to: string): unknown {
  if (value === from) return to;
  if (Array.isArray(value)) return value.map((each) => renamed(each, from, to));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key === from ? to : key, renamed(each, from, to)]),
  );
}

/** Whether a stored value contains an id, or any other text. */
export function mentions(value: unknown, text: string): boolean {
  return JSON.stringify(value ?? null).includes(text);
}

/** Every document that a query finds, ordered by path, page by page. Concurrent changes do no harm. */
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

/** Whether a value is one of our maps; times and references are objects too. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
