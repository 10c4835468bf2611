import type { LocalClock } from "../../../kit/clock.ts";
import { invalidArgument } from "../grpc-error.ts";
import type { CompiledQuery } from "../query/compile.ts";
import type { Database } from "../storage/database.ts";
import type { Micros } from "../storage/micros.ts";
import type { Store } from "../storage/store.ts";
import type { IndexConfiguration } from "../types.ts";
import type { CompiledWrite } from "../writes/compile.ts";
import { LockQueue, type LockRequest } from "./lock-queue.ts";
import { affects, Locks } from "./locks.ts";
import { type Committed, PendingCommit } from "./pending-commit.ts";
import { TransactionRegistry } from "./registry.ts";
import { type Ending, type Party, Transaction } from "./transaction.ts";

/**
 * Keeps transactions serialisable, as production does for server libraries. A read takes a shared
 * lock. A commit needs exclusive locks on what it changes, so it waits for other readers to finish.
 * In a deadlock only the oldest transaction continues. How often this happens depends on how long
 * transactions stay open, and so on the latency of their calls.
 * https://github.com/googleapis/nodejs-firestore/issues/785
 *
 * A commit writes within one turn of the event loop, so only reads need lasting locks.
 */
export class Concurrency {
  #store: Store;
  #locks = new Locks();
  #registry: TransactionRegistry;
  #queue: LockQueue;

  #indexes: IndexConfiguration;

  /** `indexes` are those in which documents get entries. */
  constructor(clock: LocalClock, store: Store, indexes: IndexConfiguration) {
    this.#store = store;
    this.#indexes = indexes;
    this.#registry = new TransactionRegistry(clock, (expired) => this.#end(expired, "expired"));
    this.#queue = new LockQueue(clock, (victim) => this.#end(victim, "contended"));
  }

  /** Begins a read-write transaction. */
  beginReadWrite(database: Database, retryOf?: Buffer): Transaction {
    return this.#registry.begin(database.name, { retryOf });
  }

  /** Begins a read-only transaction at a read time. */
  beginReadOnly(database: Database, readOnlyAtMicros: Micros): Transaction {
    return this.#registry.begin(database.name, { readOnlyAtMicros });
  }

  /** Finds an open transaction. Throws INVALID_ARGUMENT when it has ended or is unknown. */
  use(database: Database, id: Buffer): Transaction {
    return this.#registry.use(database.name, id);
  }

  /** Ends a transaction without effect; does nothing when it has already ended. */
  rollback(database: Database, id: Buffer): void {
    const transaction = this.#registry.find(database.name, id);
    if (transaction !== undefined) this.#end(transaction, "closed");
  }

  /** Locks documents until the transaction ends. Resolves when they may be read. */
  async lockDocuments(transaction: Transaction, names: readonly string[]): Promise<void> {
    const wanted = names.filter((name) => !this.#locks.holds(transaction, name));
    await this.#lock(transaction, {
      isTouchedBy: (commit) => wanted.some((name) => commit.names.has(name)),
      hold: () => {
        for (const name of wanted) this.#locks.hold(transaction, name);
      },
    });
  }

  /**
   * Locks the documents that a query could return until the transaction ends. Resolves when it may
   * run.
   */
  async lockQuery(transaction: Transaction, query: CompiledQuery): Promise<void> {
    await this.#lock(transaction, {
      isTouchedBy: (commit) => commit.changes().some((change) => affects(change, query)),
      hold: () => this.#locks.holdQuery(transaction, query),
    });
  }

  /**
   * Applies the writes atomically once no other transaction holds locks on them. The transaction,
   * if any, ends whatever the outcome.
   */
  async commit(
    database: Database,
    writes: readonly CompiledWrite[],
    transaction?: Transaction,
  ): Promise<Committed> {
    if (writes.length > 0 && transaction?.readOnlyAtMicros !== undefined) {
      this.#end(transaction, "closed");
      throw invalidArgument("Cannot modify entities in a read-only transaction.");
    }
    const party = transaction ?? this.#registry.outsideTransaction();
    const [store, locks, indexes] = [this.#store, this.#locks, this.#indexes];
    try {
      const place = { store, database, locks, indexes };
      return await this.#queue.run(new PendingCommit(place, writes, party));
    } finally {
      if (transaction !== undefined) this.#end(transaction, "closed");
    }
  }

  /** Ends all transactions, including waiting ones. */
  close(): void {
    for (const transaction of this.#registry.open()) this.#end(transaction, "closed");
  }

  /** A read waits for earlier commits that are about to change what it reads. */
  async #lock(transaction: Transaction, { isTouchedBy, hold }: Reading): Promise<void> {
    transaction.assertOpen();
    if (this.#queue.isEmpty) {
      hold();
      return;
    }
    const blockersAmong = (earlier: readonly LockRequest<unknown>[]) =>
      earlier.filter((commit) => commit.party !== transaction && isTouchedBy(commit));
    try {
      await this.#queue.run({
        party: transaction,
        names: NO_NAMES,
        changes: () => [],
        blockers: (earlier) => new Set(blockersAmong(earlier).map(({ party }) => party)),
        execute: hold,
      });
    } catch (error) {
      this.#end(transaction, "contended");
      throw error;
    }
  }

  #end(party: Party, ending: Ending): void {
    party.end(ending);
    if (party instanceof Transaction) {
      this.#registry.end(party, ending);
      this.#locks.release(party);
    }
    this.#queue.wake();
  }
}

/** What a transaction wants to read. */
interface Reading {
  isTouchedBy(commit: LockRequest<unknown>): boolean;
  hold(): void;
}

const NO_NAMES: ReadonlySet<string> = new Set();
