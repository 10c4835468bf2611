import type { CollectionReference } from "@google-cloud/firestore";
import fc from "fast-check";
import { type Connection, onGoogle } from "./support.ts";

/** Google's emulator makes conflicting transactions wait for seconds, so it gets smaller histories and more time. */
export const PROPERTY_TIMEOUT_MS = 240_000;

/** The most operations of one history. */
export const longest = onGoogle ? 4 : 7;

/** Options of a transaction among many that conflict. */
export const patient = { maxAttempts: 50 };

/** What a collection of accounts holds: each document's `n` by its id. */
export type Accounts = Readonly<Record<string, number>>;

/** An amount to move. */
export const cents = fc.integer({ min: 1, max: 9 });

/** Two different accounts. */
export function distinctPair(): fc.Arbitrary<[string, string]> {
  return fc
    .shuffledSubarray(["a", "b", "c", "d"], { minLength: 2, maxLength: 2 })
    .map(([from = "a", to = "b"]) => [from, to]);
}

/** The sum of all accounts. */
export function sumOf(accounts: Accounts): number {
  return Object.values(accounts).reduce((sum, n) => sum + n, 0);
}

/** The accounts that a query found. */
export function accountsIn(found: {
  readonly docs: readonly { id: string; get(f: string): number }[];
}) {
  return Object.fromEntries(found.docs.map((document) => [document.id, document.get("n")]));
}

/** Moves money if there is enough; returns what both accounts held before. */
export function moveMoney(
  accounts: CollectionReference,
  from: string,
  to: string,
  cents: number,
): Promise<number[]> {
  return accounts.firestore.runTransaction(async (transaction) => {
    const [source, target] = await transaction.getAll(accounts.doc(from), accounts.doc(to));
    const saw: [number, number] = [source?.get("n") ?? 0, target?.get("n") ?? 0];
    if (saw[0] >= cents) {
      transaction.set(accounts.doc(from), { n: saw[0] - cents });
      transaction.set(accounts.doc(to), { n: saw[1] + cents });
    }
    return saw;
  }, patient);
}

/** A new collection of these accounts. */
export async function openAccounts(
  connection: Connection,
  accounts: Accounts,
): Promise<CollectionReference> {
  const collection = connection.collection();
  const batch = connection.database.batch();
  for (const [name, n] of Object.entries(accounts)) batch.set(collection.doc(name), { n });
  await batch.commit();
  return collection;
}
