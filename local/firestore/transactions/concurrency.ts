import type { LocalClock } from "../../kit/clock.ts";
import { invalidArgument } from "../grpc-error.ts";
import type { CompiledQuery } from "../query/compile.ts";
import type { Database } from "../storage/database.ts";
import { type Micros, toTimestamp } from "../storage/micros.ts";
import type { Store } from "../storage/store.ts";
import type { Timestamp } from "../types.ts";
import { applyWrites } from "../writes/apply.ts";
import type { CompiledWrite } from "../writes/compile.ts";
import type { WriteResult } from "../writes/messages.ts";
import { type CommitPlan, CommitQueue } from "./commit-queue.ts";
import { documentKey, Locks, queryKey } from "./locks.ts";
import { TransactionRegistry } from "./registry.ts";
import type { Ending, Transaction } from "./transaction.ts";
import { Turnstile } from "./turnstile.ts";

/** What a commit tells the client. */
export interface Committed {
  readonly results: readonly WriteResult[];
  /** Null when there was nothing to write. */
  readonly commitTime: Timestamp | null;
}

/**
 * Keeps transactions serialisable. What a read-write transaction has read stays as it is until it
 * ends; a commit that would change it waits, or is aborted. Since a commit's own writes happen in one
 * turn of the event loop, only reads need locks that last.
 */
export class Concurrency {
  #store: Store;
  #locks = new Locks();
  #registry: TransactionRegistry;
  #turnstile: Turnstile;
  #commits: CommitQueue;

  constructor(clock: LocalClock, store: Store) {
    this.#store = store;
    this.#registry = new TransactionRegistry(clock, (expired) => this.#end(expired, "expired"));
    this.#turnstile = new Turnstile(clock);
    this.#commits = new CommitQueue(clock, (victim) => this.#end(victim, "contended"));
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
    for (const name of [...new Set(names)].sort()) {
      await this.#enter(transaction, documentKey(name));
    }
    transaction.assertOpen();
  }

  /** Keeps what a query chooses from as it is until the transaction ends. Resolves when it may run. */
  async lockQuery(transaction: Transaction, query: CompiledQuery): Promise<void> {
    await this.#enter(transaction, queryKey(query));
    transaction.assertOpen();
    this.#locks.holdQuery(transaction, query);
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
    const names = new Set(writes.map(({ name }) => name));
    const plan = () => this.#plan(database, writes, transaction);
    try {
      return await this.#commits.run({ owner: transaction, names, plan });
    } finally {
      if (transaction !== undefined) this.#end(transaction, "closed");
      for (const name of names) this.#advance(documentKey(name));
    }
  }

  /** Ends all transactions, and with them all waiting. */
  close(): void {
    for (const transaction of this.#registry.open()) this.#end(transaction, "closed");
    this.#turnstile.close();
  }

  #plan(
    database: Database,
    writes: readonly CompiledWrite[],
    transaction: Transaction | undefined,
  ): CommitPlan<Committed> {
    const atMicros = this.#store.nextCommitTime();
    const { changes, results } = applyWrites(writes, (name) => database.get(name), atMicros);
    return {
      blockers: this.#locks.readersOf(changes, transaction),
      carryOut: () => {
        if (writes.length === 0) return { results, commitTime: null };
        this.#store.commit(database, changes, atMicros);
        return { results, commitTime: toTimestamp(atMicros) };
      },
    };
  }

  async #enter(transaction: Transaction, key: string): Promise<void> {
    if (this.#locks.holds(transaction, key)) return;
    const enter = () => {
      if (transaction.isOpen) this.#locks.hold(transaction, key);
    };
    if (this.#isBusy(key) || this.#turnstile.hasQueue(key)) await this.#turnstile.pass(key, enter);
    else enter();
  }

  #isBusy(key: string): boolean {
    return this.#locks.isHeld(key) || this.#commits.writes(key);
  }

  #advance(key: string): void {
    this.#turnstile.advance(key, () => this.#isBusy(key));
  }

  #end(transaction: Transaction, ending: Ending): void {
    this.#registry.end(transaction, ending);
    const keys = this.#locks.release(transaction);
    this.#commits.wake();
    for (const key of keys) this.#advance(key);
  }
}
