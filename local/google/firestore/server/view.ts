import { status } from "@grpc/grpc-js";
import { GrpcError, invalidArgument } from "../grpc-error.ts";
import { parseDatabaseName } from "../names.ts";
import type { CompiledQuery } from "../query/compile.ts";
import type { Database } from "../storage/database.ts";
import { type Micros, toMicros, toTimestamp } from "../storage/micros.ts";
import type { Store } from "../storage/store.ts";
import type { Concurrency } from "../transactions/concurrency.ts";
import type { Transaction } from "../transactions/transaction.ts";
import type { StoredDocument, Timestamp } from "../types.ts";
import type { Consistency, TransactionOptions } from "./messages.ts";

const NANOS_PER_MICRO = 1000;

/** A database as one request reads it: now, at a read time, or under a transaction's locks. */
export interface View {
  /** The transaction that this request began, for the client to continue. */
  readonly begun: Transaction | undefined;
  /** Reads documents by name, in the given order, all at the same time. */
  documents(names: readonly string[]): Promise<Reading<(StoredDocument | undefined)[]>>;
  /** Passes the documents in all collections that a query reads to `run`, all at the same time. */
  query<Result>(
    query: CompiledQuery,
    run: (documents: Iterable<StoredDocument>) => Result,
  ): Promise<Reading<Result>>;
}

/** A read's result and its read time. */
export interface Reading<Content> {
  readonly content: Content;
  readonly readTime: Timestamp;
  /** The read time; undefined for now. */
  readonly atMicros: Micros | undefined;
}

/** Creates views of databases and begins the transactions that reads request. */
export class Views {
  #store: Store;
  #concurrency: Concurrency;

  constructor(store: Store, concurrency: Concurrency) {
    this.#store = store;
    this.#concurrency = concurrency;
  }

  /** Finds a database. Throws INVALID_ARGUMENT for an invalid name. */
  database(name: string): Database {
    parseDatabaseName(name);
    return this.#store.database(name);
  }

  /** The view for a request. Throws INVALID_ARGUMENT for an invalid transaction or read time. */
  of(database: Database, { transaction, newTransaction, readTime }: Consistency): View {
    if (newTransaction !== undefined) {
      const begun = this.begin(database, newTransaction);
      return this.#viewOf(database, begun, begun.readOnlyAtMicros, begun);
    }
    if (transaction !== undefined && transaction.length > 0) {
      const used = this.#concurrency.use(database, transaction);
      return this.#viewOf(database, used, used.readOnlyAtMicros, undefined);
    }
    const atMicros = readTime === undefined ? undefined : this.#checkedTime(readTime);
    return this.#viewOf(database, undefined, atMicros, undefined);
  }

  /** Begins a transaction, read-write by default. */
  begin(database: Database, options: TransactionOptions | null): Transaction {
    if (options?.readOnly === undefined) {
      return this.#concurrency.beginReadWrite(database, options?.readWrite?.retryTransaction);
    }
    const { readTime } = options.readOnly;
    const atMicros = readTime === undefined ? this.#store.readTime() : this.#checkedTime(readTime);
    return this.#concurrency.beginReadOnly(database, atMicros);
  }

  #viewOf(
    database: Database,
    transaction: Transaction | undefined,
    atMicros: Micros | undefined,
    begun: Transaction | undefined,
  ): View {
    const locking = atMicros === undefined ? transaction : undefined;
    const reading = <Content>(content: Content): Reading<Content> => ({
      content,
      readTime: toTimestamp(atMicros ?? this.#store.readTime()),
      atMicros,
    });
    return {
      begun,
      documents: async (names) => {
        if (locking !== undefined) await this.#concurrency.lockDocuments(locking, names);
        return reading(names.map((name) => database.get(name, atMicros)));
      },
      query: async (query, run) => {
        if (locking !== undefined) await this.#concurrency.lockQuery(locking, query);
        return reading(run(database.candidates(query, atMicros)));
      },
    };
  }

  #checkedTime(readTime: Timestamp): Micros {
    if (readTime.nanos % NANOS_PER_MICRO !== 0) {
      throw invalidArgument("timestamp cannot have more than microseconds precision");
    }
    const atMicros = toMicros(readTime);
    if (atMicros > this.#store.readTime()) {
      throw invalidArgument("The requested 'read_time' cannot be in the future.");
    }
    // Google's emulator has no limit; the service does:
    // https://firebase.google.com/docs/firestore/pitr
    if (atMicros < this.#store.oldestReadTime()) {
      throw new GrpcError(
        status.FAILED_PRECONDITION,
        "The requested 'read_time' is too far in the past.",
      );
    }
    return atMicros;
  }
}
