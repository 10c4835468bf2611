import type { Query } from "../ports/database.ts";

/** The ids of a query's documents after the id `after`, in order, at most `limit`. */
export async function idsBehind(
  query: Query,
  after: string | undefined,
  limit: number,
): Promise<string[]> {
  const ordered = query.orderBy("__name__").limit(limit);
  const found = await (after === undefined ? ordered : ordered.startAfter(after)).get();
  return found.docs.map(({ id }) => id);
}
