import type { CompiledQuery } from "../query/compile.ts";
import { matches } from "../query/run.ts";
import type { Change } from "../storage/database.ts";
import type { Party, Transaction } from "./transaction.ts";

/**
 * What open transactions have read and no other party may change before they end: documents,
 * including missing ones, and the sets of documents that queries could return. Any number of
 * transactions may read the same documents.
 * https://cloud.google.com/datastore/docs/concepts/transactions#concurrency_modes
 */
export class Locks {
  #byName = new Map<string, Set<Transaction>>();
  #names = new Map<Transaction, Set<string>>();
  #withQueries = new Set<Transaction>();

  /** Records that a transaction has read a document. */
  hold(transaction: Transaction, name: string): void {
    const holders = this.#byName.get(name) ?? new Set();
    this.#byName.set(name, holders.add(transaction));
    const names = this.#names.get(transaction) ?? new Set();
    this.#names.set(transaction, names.add(name));
  }

  /** Records that a transaction has read a query's results. */
  holdQuery(transaction: Transaction, query: CompiledQuery): void {
    transaction.queries.push(query);
    this.#withQueries.add(transaction);
  }

  /** Whether a transaction has read a document by name. */
  holds(transaction: Transaction, name: string): boolean {
    return this.#names.get(transaction)?.has(name) ?? false;
  }

  /** The transactions, except the committing one, whose reads the changes would invalidate. */
  readersOf(changes: readonly Change[], committing: Party): Set<Party> {
    const readers = new Set<Party>();
    for (const change of changes) {
      for (const holder of this.#byName.get(change.name) ?? []) readers.add(holder);
      for (const holder of this.#withQueries) {
        if (!readers.has(holder) && holder.queries.some((query) => affects(change, query))) {
          readers.add(holder);
        }
      }
    }
    readers.delete(committing);
    return readers;
  }

  /** Releases all locks of a transaction. */
  release(transaction: Transaction): void {
    for (const name of this.#names.get(transaction) ?? []) {
      const holders = this.#byName.get(name);
      holders?.delete(transaction);
      if (holders?.size === 0) this.#byName.delete(name);
    }
    this.#names.delete(transaction);
    this.#withQueries.delete(transaction);
  }
}

/** Whether a change adds, removes or alters a document that a query could return. */
export function affects({ name, before, after }: Change, query: CompiledQuery): boolean {
  const { collectionId } = query.scope;
  // A cheap check first: every commit runs this for every query of every transaction.
  if (collectionId !== "" && !isIn(collectionId, name)) return false;
  return [before, after].some((image) => image !== undefined && matches(query, image));
}

/** Whether a document is in a collection with this id. */
function isIn(collectionId: string, name: string): boolean {
  const end = name.lastIndexOf("/");
  return name.endsWith(`/${collectionId}`, end);
}
