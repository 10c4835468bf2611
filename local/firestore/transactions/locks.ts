import type { CompiledQuery } from "../query/compile.ts";
import { matches } from "../query/run.ts";
import type { Change } from "../storage/database.ts";
import type { Party, Transaction } from "./transaction.ts";

/**
 * What open transactions have read, and nobody else may change before they end: documents, missing
 * ones too, and the sets of documents that queries choose from. Any number of transactions may have
 * read the same. https://cloud.google.com/datastore/docs/concepts/transactions#concurrency_modes
 */
export class Locks {
  #byName = new Map<string, Set<Transaction>>();
  #names = new Map<Transaction, Set<string>>();
  #withQueries = new Set<Transaction>();

  /** Takes note that a transaction has read a document. */
  hold(transaction: Transaction, name: string): void {
    const holders = this.#byName.get(name) ?? new Set();
    this.#byName.set(name, holders.add(transaction));
    const names = this.#names.get(transaction) ?? new Set();
    this.#names.set(transaction, names.add(name));
  }

  /** Takes note that a transaction has read the results of a query. */
  holdQuery(transaction: Transaction, query: CompiledQuery): void {
    transaction.queries.push(query);
    this.#withQueries.add(transaction);
  }

  /** Whether a transaction has read a document by its name. */
  holds(transaction: Transaction, name: string): boolean {
    return this.#names.get(transaction)?.has(name) ?? false;
  }

  /** The transactions, other than the one that commits, whose reads the changes would make untrue. */
  readersOf(changes: readonly Change[], committing: Party): Set<Party> {
    const readers = new Set<Party>();
    for (const change of changes) {
      for (const holder of this.#byName.get(change.name) ?? []) readers.add(holder);
      for (const holder of this.#withQueries) {
        if (!readers.has(holder) && holder.queries.some((query) => concerns(change, query))) {
          readers.add(holder);
        }
      }
    }
    readers.delete(committing);
    return readers;
  }

  /** Gives up all that a transaction holds. */
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

/** Whether a change adds to, takes from or alters what a query chooses from. */
export function concerns({ name, before, after }: Change, query: CompiledQuery): boolean {
  const { collectionId } = query.scope;
  // Cheap, and true of most: every commit asks it of every query of every transaction.
  if (collectionId !== "" && !isIn(collectionId, name)) return false;
  return [before, after].some((image) => image !== undefined && matches(query, image));
}

/** Whether a document's name is one of a collection of this id. */
function isIn(collectionId: string, name: string): boolean {
  const end = name.lastIndexOf("/");
  return name.endsWith(`/${collectionId}`, end);
}
