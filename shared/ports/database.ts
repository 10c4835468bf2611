/** The database, connected on first use. */
export type Database = () => Promise<Firestore>;

/**
 * Firestore, as far as this project calls it. Google's client has this shape, and so has everything that
 * takes its place. Calls reject with an error whose `code` is a gRPC status.
 * https://cloud.google.com/nodejs/docs/reference/firestore/latest
 */
export interface Firestore {
  /** A path with an odd number of segments: `orders`, `ledger/ID/postings`. */
  collection(path: string): CollectionReference;
  /** All collections of this id, wherever they are. */
  collectionGroup(id: string): Query;
  /** A path with an even number of segments. */
  doc(path: string): DocumentReference;
  /** All at one moment, in the order given. */
  getAll(...places: DocumentReference[]): Promise<DocumentSnapshot[]>;
  /** Writes that are committed together. */
  batch(): WriteBatch;
  /**
   * Runs `work` and commits what it wrote, all or nothing; again from the start, five times at most, when
   * others changed what it read. All its reads come before its first write. Read-only, it takes no locks
   * and reads what was there at `readTime`, or now.
   */
  runTransaction<Result>(
    work: (transaction: Transaction) => Promise<Result>,
    options?: { readonly readOnly: true; readonly readTime?: Timestamp },
  ): Promise<Result>;
  /** What a field comes to in all that a query finds, at one moment; 0 where it finds none. */
  sum(query: Query, field: string, transaction?: Transaction): Promise<number>;
}

/** A document's fields. Times may be written as `Date` and are read as `Timestamp`. */
export interface DocumentData {
  readonly [field: string]: unknown;
}

/** A moment, to the microsecond. */
export interface Timestamp {
  readonly seconds: number;
  readonly nanoseconds: number;
  toDate(): Date;
  toMillis(): number;
  isEqual(other: Timestamp): boolean;
}

/** Fails a write with FAILED_PRECONDITION unless the document was last written then. */
export interface Precondition {
  readonly lastUpdateTime?: Timestamp;
}

/** When a write was committed. */
export interface WriteResult {
  readonly writeTime: Timestamp;
}

/** Where documents are. */
export interface DocumentReference {
  readonly id: string;
  readonly path: string;
  readonly parent: CollectionReference;
  collection(id: string): CollectionReference;
  get(): Promise<DocumentSnapshot>;
  /** ALREADY_EXISTS where there is one. */
  create(data: DocumentData): Promise<WriteResult>;
  set(data: DocumentData): Promise<WriteResult>;
  /** Names are field paths, with dots. NOT_FOUND where there is none. */
  update(data: DocumentData, precondition?: Precondition): Promise<WriteResult>;
  /** Succeeds where there is none. */
  delete(precondition?: Precondition): Promise<WriteResult>;
}

/** A document as it was at one moment. */
export interface DocumentSnapshot {
  readonly id: string;
  readonly ref: DocumentReference;
  readonly exists: boolean;
  readonly updateTime?: Timestamp | undefined;
  readonly readTime: Timestamp;
  data(): DocumentData | undefined;
  /** A field by its path, with dots; undefined where there is none. */
  get(field: string): unknown;
}

/** A document that a query found. */
export interface QueryDocumentSnapshot extends DocumentSnapshot {
  readonly updateTime: Timestamp;
  data(): DocumentData;
}

/** What a query found, in its order. */
export interface QuerySnapshot {
  readonly docs: QueryDocumentSnapshot[];
  readonly size: number;
  readonly empty: boolean;
  readonly readTime: Timestamp;
}

/** How a field is compared. */
export type Comparison = "<" | "<=" | "==" | "!=" | ">=" | ">" | "array-contains" | "in";

/** Documents to choose from. The field `__name__` is a document's name. */
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

/** How many documents a query finds. */
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
  /** One of a new id where none is given. */
  doc(id?: string): DocumentReference;
}

/** What can be written by a batch or a transaction. */
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

/** Reads and writes that happen at one moment. */
export interface Transaction extends Writes<Transaction> {
  get(place: DocumentReference): Promise<DocumentSnapshot>;
  get(query: Query): Promise<QuerySnapshot>;
  get(query: CountQuery): Promise<CountSnapshot>;
  getAll(...places: DocumentReference[]): Promise<DocumentSnapshot[]>;
}
