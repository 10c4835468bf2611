import { status } from "@grpc/grpc-js";
import type {
  CountQuery,
  CountSnapshot,
  DocumentData,
  DocumentReference,
  DocumentSnapshot,
  Precondition,
  Query,
  QuerySnapshot,
  Transaction,
} from "../../../../shared/ports/database.ts";
import type { Consistency, TransactionOptions } from "../server/messages.ts";
import { assertNotEmpty } from "./arguments.ts";
import type { DirectFirestore } from "./direct-firestore.ts";
import { assertDocument, DirectDocument } from "./document.ts";
import { type Begun, DirectCountQuery, DirectQuery } from "./query/query.ts";
import type { DirectTimestamp } from "./timestamp.ts";
import type { DirectBatch } from "./writes/write-batch.ts";

const MAX_ATTEMPTS = 5;

/** Codes after which Google's client reruns a transaction: transaction.js. */
const RETRIED_CODES: ReadonlySet<unknown> = new Set([
  status.ABORTED,
  status.CANCELLED,
  status.UNKNOWN,
  status.DEADLINE_EXCEEDED,
  status.INTERNAL,
  status.UNAVAILABLE,
  status.UNAUTHENTICATED,
  status.RESOURCE_EXHAUSTED,
]);

/** A read-only transaction, at its own start or at an earlier read time. */
export interface ReadOnly {
  readonly readTime: DirectTimestamp | undefined;
}

/**
 * A transaction as Google's client runs it. It begins with its first read, sends its writes at the
 * end, and is rerun as a whole after contention.
 */
export class DirectTransaction implements Transaction {
  readonly #firestore: DirectFirestore;
  readonly #readOnly: ReadOnly | undefined;
  readonly #batch: DirectBatch | undefined;
  /** The id of this attempt's transaction, once its first read has been sent. */
  #id: Promise<Buffer> | undefined;
  /** The id of the previous attempt, whose age this one inherits. */
  #previousId: Buffer | undefined;

  constructor(firestore: DirectFirestore, readOnly: ReadOnly | undefined) {
    this.#firestore = firestore;
    this.#readOnly = readOnly;
    this.#batch = readOnly ? undefined : firestore.batch();
  }

  get(place: DocumentReference): Promise<DocumentSnapshot>;
  get(query: Query): Promise<QuerySnapshot>;
  get(query: CountQuery): Promise<CountSnapshot>;
  get(
    wanted: DocumentReference | Query | CountQuery,
  ): Promise<DocumentSnapshot | QuerySnapshot | CountSnapshot> {
    this.#assertNothingWritten();
    if (wanted instanceof DirectDocument) {
      return this.#read((consistency) => this.#firestore.readOne(wanted, consistency));
    }
    if (wanted instanceof DirectQuery || wanted instanceof DirectCountQuery) {
      return this.#read<QuerySnapshot | CountSnapshot>((consistency) => wanted.run(consistency));
    }
    throw new Error(
      'Value for argument "refOrQuery" must be a DocumentReference, Query, or AggregateQuery.',
    );
  }

  getAll(...places: DocumentReference[]): Promise<DocumentSnapshot[]> {
    this.#assertNothingWritten();
    assertNotEmpty("Transaction.getAll", places);
    const documents = places.map((place, index) => assertDocument(index, place));
    return this.#read((consistency) => this.#firestore.readAll(documents, consistency));
  }

  /** Sums a field over a query's results. */
  sum(query: DirectQuery, field: string): Promise<unknown> {
    this.#assertNothingWritten();
    return this.#read((consistency) => query.aggregate({ kind: "sum", field }, consistency));
  }

  create(place: DocumentReference, data: DocumentData): this {
    this.#writable().create(place, data);
    return this;
  }

  set(place: DocumentReference, data: DocumentData): this {
    this.#writable().set(place, data);
    return this;
  }

  update(place: DocumentReference, data: DocumentData, ...precondition: [Precondition?]): this {
    this.#writable().update(place, data, ...precondition);
    return this;
  }

  delete(place: DocumentReference, precondition?: Precondition): this {
    this.#writable().delete(place, precondition);
    return this;
  }

  /**
   * Runs the work until its commit succeeds, at most five times; a read-only transaction runs once.
   */
  async run<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    if (this.#batch === undefined) return this.#attempt(work);
    const backoff = this.#firestore.calls.backoff();
    for (let attempt = 1; ; attempt += 1) {
      this.#batch.reset();
      await backoff.wait();
      try {
        return await this.#attempt(work);
      } catch (error) {
        if (attempt === MAX_ATTEMPTS || !isRetried(error)) throw error;
        if (codeOf(error) === status.RESOURCE_EXHAUSTED) backoff.resetToMax();
      }
    }
  }

  async #attempt<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    try {
      const working = work(this);
      if (!(working instanceof Promise)) {
        throw new Error("You must return a Promise in your transaction()-callback.");
      }
      const result = await working;
      if (this.#batch) await this.#commit(this.#batch);
      return result;
    } catch (error) {
      await this.#rollBack();
      throw error;
    }
  }

  async #commit(batch: DirectBatch): Promise<void> {
    const id = this.#id && (await this.#id);
    if (id === undefined && batch.isEmpty) return;
    await batch.commitIn({ id });
    this.#id = undefined;
    this.#previousId = id;
  }

  /** Starts to release the locks without waiting for the result. */
  async #rollBack(): Promise<void> {
    if (this.#id === undefined || this.#batch === undefined) return;
    const begun = this.#id;
    const transaction = await begun.catch(() => undefined);
    this.#id = undefined;
    // Without an id the first read failed, so there is nothing to roll back.
    if (transaction === undefined) return;
    this.#previousId = transaction;
    const { calls, name: database } = this.#firestore;
    calls.rollback({ database, transaction }).catch(() => {});
  }

  /** The first read begins the transaction; later reads wait for it. */
  async #read<Result>(read: (consistency: Consistency) => Promise<Begun<Result>>): Promise<Result> {
    if (this.#id) {
      const { result } = await read({ transaction: await this.#id });
      return result;
    }
    if (this.#readOnly?.readTime) {
      const { result } = await read({ readTime: this.#readOnly.readTime.toStored() });
      return result;
    }
    const reading = read({ newTransaction: this.#options() });
    this.#id = reading.then(({ transaction }) => {
      if (transaction) return transaction;
      throw new Error("Transaction ID was missing from server response");
    });
    // The readers that wait for it handle the failure; this avoids an unhandled rejection.
    this.#id.catch(() => {});
    const { result } = await reading;
    return result;
  }

  #options(): TransactionOptions {
    if (this.#readOnly) return { mode: "readOnly", readOnly: {} };
    const retryTransaction = this.#previousId ?? Buffer.alloc(0);
    return { mode: "readWrite", readWrite: { retryTransaction } };
  }

  #assertNothingWritten(): void {
    if (this.#batch && !this.#batch.isEmpty) {
      throw new Error("Firestore transactions require all reads to be executed before all writes.");
    }
  }

  #writable(): DirectBatch {
    if (this.#batch) return this.#batch;
    throw new Error("Firestore read-only transactions cannot execute writes.");
  }
}

function isRetried(error: unknown): boolean {
  const code = codeOf(error);
  if (code === status.INVALID_ARGUMENT) return /transaction has expired/.test(String(error));
  return RETRIED_CODES.has(code);
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | null | undefined)?.code;
}
