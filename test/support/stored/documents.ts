import type { Firestore, QueryDocumentSnapshot } from "../../../shared/ports/database.ts";

/** Matches the collection group of every collection. */
const EVERY_COLLECTION = "";
/** The most that one batch may write. */
const MOST_WRITES = 500;

/** Every document of the database, by one query. */
export async function everyDocument(firestore: Firestore): Promise<QueryDocumentSnapshot[]> {
  return (await firestore.collectionGroup(EVERY_COLLECTION).get()).docs;
}

/** Deletes the documents at these paths and everything below them. */
export async function deleteAll(firestore: Firestore, ...paths: readonly string[]): Promise<void> {
  const isMeant = (path: string) =>
    paths.some((each) => path === each || path.startsWith(`${each}/`));
  const places = (await everyDocument(firestore)).map(({ ref }) => ref);
  const meant = places.filter(({ path }) => isMeant(path));
  while (meant.length > 0) {
    const batch = firestore.batch();
    for (const place of meant.splice(0, MOST_WRITES)) batch.delete(place);
    await batch.commit();
  }
}
