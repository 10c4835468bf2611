import type { CompiledQuery } from "../query/compile.ts";
import { matches } from "../query/run.ts";
import type { Change } from "../storage/database.ts";
import type { Transaction } from "./transaction.ts";

/**
 * What open transactions have read, and nobody may change before they end: documents, missing ones
 * too, and the sets of documents that queries choose from.
 */
export class Locks {
  #byKey = new Map<string, Set<Transaction>>();
  #keys = new Map<Transaction, Set<string>>();
  #withQueries = new Set<Transaction>();

  /** Takes note that a transaction has read what the key stands for. */
  hold(transaction: Transaction, key: string): void {
    const holders = this.#byKey.get(key) ?? new Set();
    this.#byKey.set(key, holders.add(transaction));
    const keys = this.#keys.get(transaction) ?? new Set();
    this.#keys.set(transaction, keys.add(key));
  }

  /** Takes note that a transaction has read the results of a query. */
  holdQuery(transaction: Transaction, query: CompiledQuery): void {
    transaction.queries.push(query);
    this.#withQueries.add(transaction);
  }

  holds(transaction: Transaction, key: string): boolean {
    return this.#keys.get(transaction)?.has(key) ?? false;
  }

  isHeld(key: string): boolean {
    return this.#byKey.has(key);
  }

  /** The transactions, other than the one that commits, whose reads the changes would make untrue. */
  readersOf(changes: readonly Change[], committing: Transaction | undefined): Set<Transaction> {
    const readers = new Set<Transaction>();
    for (const change of changes) {
      for (const holder of this.#byKey.get(documentKey(change.name)) ?? []) readers.add(holder);
      for (const holder of this.#withQueries) {
        if (!readers.has(holder) && holder.queries.some((query) => concerns(change, query))) {
          readers.add(holder);
        }
      }
    }
    if (committing !== undefined) readers.delete(committing);
    return readers;
  }

  /** Gives up all that a transaction holds, and returns the keys. */
  release(transaction: Transaction): Iterable<string> {
    const keys = this.#keys.get(transaction) ?? [];
    for (const key of keys) {
      const holders = this.#byKey.get(key);
      holders?.delete(transaction);
      if (holders?.size === 0) this.#byKey.delete(key);
    }
    this.#keys.delete(transaction);
    this.#withQueries.delete(transaction);
    return keys;
  }
}

/** The key of one document. */
export function documentKey(name: string): string {
  return name;
}

/** The key that transactions share when they query the same collections, whatever they look for. */
export function queryKey({ scope }: CompiledQuery): string {
  return `${scope.queryScope} ${scope.parent} ${scope.collectionId}`;
}

/** Whether a change adds to, takes from or alters what a query chooses from. */
function concerns({ name, before, after }: Change, query: CompiledQuery): boolean {
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
