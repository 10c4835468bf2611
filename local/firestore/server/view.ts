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

/** A database as one request may see it: now, at a moment, or under a transaction's locks. */
export interface View {
  /** The transaction that began with this request, for the client to go on with. */
  readonly begun: Transaction | undefined;
  /** The documents of these names, in the same order, all of one moment. */
  documents(names: readonly string[]): Promise<Reading<(StoredDocument | undefined)[]>>;
  /** What `run` makes of the documents in all collections that a query reads, all of one moment. */
  query<Result>(
    query: CompiledQuery,
    run: (documents: Iterable<StoredDocument>) => Result,
  ): Promise<Reading<Result>>;
}

/** What was read, and as of when. */
export interface Reading<Content> {
  readonly content: Content;
  readonly readTime: Timestamp;
  /** The moment the reading was taken at; undefined for now. */
  readonly atMicros: Micros | undefined;
}

/** Makes views of databases, and begins the transactions that reads ask for. */
export class Views {
  #store: Store;
  #concurrency: Concurrency;

  constructor(store: Store, concurrency: Concurrency) {
    this.#store = store;
    this.#concurrency = concurrency;
  }

  /** The database of a name; throws INVALID_ARGUMENT when that is none. */
  database(name: string): Database {
    parseDatabaseName(name);
    return this.#store.database(name);
  }

  /** The view a request asks for; throws INVALID_ARGUMENT for transactions and times that cannot be. */
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

  /** Begins a transaction; it may write unless the options say otherwise. */
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
        return reading(run(database.documents(query.scope, atMicros)));
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
    // Google's emulator knows no limit; the service does: https://firebase.google.com/docs/firestore/pitr
    if (atMicros < this.#store.oldestReadTime()) {
      throw new GrpcError(
        status.FAILED_PRECONDITION,
        "The requested 'read_time' is too far in the past.",
      );
    }
    return atMicros;
  }
}
