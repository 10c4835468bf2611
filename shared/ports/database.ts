/** The database, connected on first use. */
export type Database = () => Promise<Firestore>;

/**
 * The part of Firestore's API that this project uses. Google's client and the emulators implement it. Calls reject
 * with an error whose `code` is a gRPC status.
 * https://cloud.google.com/nodejs/docs/reference/firestore/latest
 */
export interface Firestore {
  /** A path with an odd number of segments: `orders`, `ledger/ID/postings`. */
  collection(path: string): CollectionReference;
  /** All collections with this id, at any path. */
  collectionGroup(id: string): Query;
  /** A path with an even number of segments. */
  doc(path: string): DocumentReference;
  /** Reads all documents at one point in time, in the given order. */
  getAll(...places: DocumentReference[]): Promise<DocumentSnapshot[]>;
  /** Writes that are committed together. */
  batch(): WriteBatch;
  /**
   * Runs `work` and commits its writes, all or nothing. If others changed what it read, it starts again, at most five
   * times. All reads must come before the first write. With `readOnly`, it takes no locks and reads the state at
   * `readTime`, or now.
   */
  runTransaction<Result>(
    work: (transaction: Transaction) => Promise<Result>,
    options?: { readonly readOnly: true; readonly readTime?: Timestamp },
  ): Promise<Result>;
  /** The sum of a field over a query's documents, at one point in time; 0 if there are none. */
  sum(query: Query, field: string, transaction?: Transaction): Promise<number>;
}

/** A document's fields. Times may be written as `Date` and are read as `Timestamp`. */
export interface DocumentData {
  readonly [field: string]: unknown;
}

/** A point in time with microsecond precision. */
export interface Timestamp {
  readonly seconds: number;
  readonly nanoseconds: number;
  toDate(): Date;
  toMillis(): number;
  isEqual(other: Timestamp): boolean;
}

/** Fails a write with FAILED_PRECONDITION unless the document was last written at this time. */
export interface Precondition {
  readonly lastUpdateTime?: Timestamp;
}

/** When a write was committed. */
export interface WriteResult {
  readonly writeTime: Timestamp;
}

/** A reference to a document. */
export interface DocumentReference {
  readonly id: string;
  readonly path: string;
  readonly parent: CollectionReference;
  collection(id: string): CollectionReference;
  get(): Promise<DocumentSnapshot>;
  /** Rejects with ALREADY_EXISTS if the document exists. */
  create(data: DocumentData): Promise<WriteResult>;
  set(data: DocumentData): Promise<WriteResult>;
  /** Names are field paths with dots. Rejects with NOT_FOUND if the document does not exist. */
  update(data: DocumentData, precondition?: Precondition): Promise<WriteResult>;
  /** Succeeds even if the document does not exist. */
  delete(precondition?: Precondition): Promise<WriteResult>;
}

/** A document at one point in time. */
export interface DocumentSnapshot {
  readonly id: string;
  readonly ref: DocumentReference;
  readonly exists: boolean;
  readonly updateTime?: Timestamp | undefined;
  readonly readTime: Timestamp;
  data(): DocumentData | undefined;
  /** A field by its path with dots; undefined if it is missing. */
  get(field: string): unknown;
}

/** A document that a query found. */
export interface QueryDocumentSnapshot extends DocumentSnapshot {
  readonly updateTime: Timestamp;
  data(): DocumentData;
}

/** The result of a query, in its order. */
export interface QuerySnapshot {
  readonly docs: QueryDocumentSnapshot[];
  readonly size: number;
  readonly empty: boolean;
  readonly readTime: Timestamp;
}

/** The operators for comparing fields. */
export type Comparison = "<" | "<=" | "==" | "!=" | ">=" | ">" | "array-contains" | "in";

/** A query. The field `__name__` is a document's name. */
export interface Query {
  where(field: string, comparison: Comparison, value: unknown): Query;
  orderBy(field: string, direction?: "asc" | "desc"): Query;
  limit(count: number): Query;
  /** Reads these fields only. */
  select(...fields: string[]): Query;
  startAt(...values: unknown[]): Query;
  startAfter(...values: unknown[]): Query;
  endBefore(...values: unknown[]): Query;
  get(): Promise<QuerySnapshot>;
  count(): CountQuery;
}

/** A query for the number of documents. */
export interface CountQuery {
  readonly query: Query;
  get(): Promise<CountSnapshot>;
}

/** The number of documents that a query found. */
export interface CountSnapshot {
  data(): { readonly count: number };
}

/** The documents of one collection. */
export interface CollectionReference extends Query {
  readonly id: string;
  readonly path: string;
  readonly parent: DocumentReference | null;
  /** A reference to a document; without `id`, with a new random id. */
  doc(id?: string): DocumentReference;
}

/** The writes of a batch or a transaction. */
interface Writes<Self> {
  create(place: DocumentReference, data: DocumentData): Self;
  set(place: DocumentReference, data: DocumentData): Self;
  update(place: DocumentReference, data: DocumentData, precondition?: Precondition): Self;
  delete(place: DocumentReference, precondition?: Precondition): Self;
}

/** Writes that are committed together, 500 at most. */
export interface WriteBatch extends Writes<WriteBatch> {
  commit(): Promise<unknown>;
}

/** Reads and writes that happen atomically. */
export interface Transaction extends Writes<Transaction> {
  get(place: DocumentReference): Promise<DocumentSnapshot>;
  get(query: Query): Promise<QuerySnapshot>;
  get(query: CountQuery): Promise<CountSnapshot>;
  getAll(...places: DocumentReference[]): Promise<DocumentSnapshot[]>;
}
