import type { LocalClock } from "../../kit/clock.ts";
import { invalidArgument } from "../grpc-error.ts";
import type { CompiledQuery } from "../query/compile.ts";
import type { Database } from "../storage/database.ts";
import type { Micros } from "../storage/micros.ts";
import type { Store } from "../storage/store.ts";
import type { IndexConfiguration } from "../types.ts";
import type { CompiledWrite } from "../writes/compile.ts";
import { LockQueue, type LockRequest } from "./lock-queue.ts";
import { concerns, Locks } from "./locks.ts";
import { type Committed, PendingCommit } from "./pending-commit.ts";
import { TransactionRegistry } from "./registry.ts";
import { type Ending, type Party, Transaction } from "./transaction.ts";

/**
 * Keeps transactions serialisable, the way production does for server libraries: a read takes a lock
 * that it shares with other reads; a commit needs all locks on what it changes for itself, so it
 * waits until the other readers are done. Of those that wait for each other only the oldest goes on.
 * How often that happens follows from how long transactions are open: from the latency of the calls
 * they make. https://github.com/googleapis/nodejs-firestore/issues/785
 *
 * Since a commit's own writes happen in one turn of the event loop, only reads need locks that last.
 */
export class Concurrency {
  #store: Store;
  #locks = new Locks();
  #registry: TransactionRegistry;
  #queue: LockQueue;

  #indexes: IndexConfiguration;

  /** `indexes` are those that documents get entries in. */
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

  /** Begins a read-only transaction that sees the database as it was at one moment. */
  beginReadOnly(database: Database, readOnlyAtMicros: Micros): Transaction {
    return this.#registry.begin(database.name, { readOnlyAtMicros });
  }

  /** The open transaction of this id; throws INVALID_ARGUMENT when it is over or unknown. */
  use(database: Database, id: Buffer): Transaction {
    return this.#registry.use(database.name, id);
  }

  /** Ends a transaction without effect; harmless when it is over. */
  rollback(database: Database, id: Buffer): void {
    const transaction = this.#registry.find(database.name, id);
    if (transaction !== undefined) this.#end(transaction, "closed");
  }

  /** Keeps documents as they are until the transaction ends. Resolves when they may be read. */
  async lockDocuments(transaction: Transaction, names: readonly string[]): Promise<void> {
    const wanted = names.filter((name) => !this.#locks.holds(transaction, name));
    await this.#lock(transaction, {
      isTouchedBy: (commit) => wanted.some((name) => commit.names.has(name)),
      hold: () => {
        for (const name of wanted) this.#locks.hold(transaction, name);
      },
    });
  }

  /** Keeps what a query chooses from as it is until the transaction ends. Resolves when it may run. */
  async lockQuery(transaction: Transaction, query: CompiledQuery): Promise<void> {
    await this.#lock(transaction, {
      isTouchedBy: (commit) => commit.changes().some((change) => concerns(change, query)),
      hold: () => this.#locks.holdQuery(transaction, query),
    });
  }

  /**
   * Applies the writes all at once, when nothing that other transactions have read stands in the
   * way. The transaction, if there is one, is over afterwards, whatever the outcome.
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
    const party = transaction ?? this.#registry.lone();
    const [store, locks, indexes] = [this.#store, this.#locks, this.#indexes];
    try {
      const place = { store, database, locks, indexes };
      return await this.#queue.run(new PendingCommit(place, writes, party));
    } finally {
      if (transaction !== undefined) this.#end(transaction, "closed");
    }
  }

  /** Ends all transactions, and with them all waiting. */
  close(): void {
    for (const transaction of this.#registry.open()) this.#end(transaction, "closed");
  }

  /** A read waits for the commits that came before it and are about to change what it reads. */
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
        carryOut: hold,
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

/** What a transaction is about to read. */
interface Reading {
  isTouchedBy(commit: LockRequest<unknown>): boolean;
  hold(): void;
}

const NO_NAMES: ReadonlySet<string> = new Set();
