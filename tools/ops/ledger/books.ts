import type {
  DocumentSnapshot,
  Firestore,
  Query,
  Timestamp,
  Transaction,
} from "../../../shared/ports/database.ts";
import { describeError } from "../../../shared/runtime/errors.ts";

/** Documents of a list in its order, read page by page. Documents that cannot be read are skipped. */
export interface Source<T> {
  readonly items: AsyncIterable<T>;
  /** Relates an item to items of other lists; never decreases from item to item. */
  readonly keyOf: (item: T) => string;
}

/** How to read a list. */
interface Listing<T> {
  readonly query: Query;
  readonly read: (document: DocumentSnapshot) => T;
  /** Called for a document that cannot be read; without it, such documents are not reported. */
  readonly onUnreadable?: (id: string, what: string) => void;
}

/**
 * The books as they were at one moment, however long it takes to read them: every page is read as of the time
 * of the first. Firestore allows reads up to an hour back.
 * https://firebase.google.com/docs/firestore/reference/rpc/google.firestore.v1#readonly
 */
export class Books {
  readonly firestore: Firestore;
  readonly #pageSize: number;
  readonly #readTime: Timestamp;

  private constructor(firestore: Firestore, pageSize: number, readTime: Timestamp) {
    this.firestore = firestore;
    this.#pageSize = pageSize;
    this.#readTime = readTime;
  }

  /** Opens the books as of now, by Firestore's clock. */
  static async open(firestore: Firestore, pageSize: number): Promise<Books> {
    const { readTime } = await firestore.collection("ledger").limit(1).get();
    return new Books(firestore, pageSize, readTime);
  }

  /** Reads a small query as of that moment. */
  at<T>(read: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.firestore.runTransaction(read, { readOnly: true, readTime: this.#readTime });
  }

  /** A list in the order of its query, with at most one page of it in memory. */
  async *list<T>({ query, read, onUnreadable }: Listing<T>): AsyncGenerator<T> {
    for (let next = query.limit(this.#pageSize); ; ) {
      const { docs } = await this.at((transaction) => transaction.get(next));
      for (const document of docs) {
        try {
          yield read(document);
        } catch (error) {
          onUnreadable?.(document.ref.path, describeError(error));
        }
      }
      const last = docs.at(-1);
      if (!last || docs.length < this.#pageSize) return;
      next = query.startAfter(last).limit(this.#pageSize);
    }
  }
}

/** The items that several lists have under one key, in the order of the lists. */
export type Group<T extends readonly unknown[]> = readonly [
  key: string,
  ...items: { [K in keyof T]: readonly T[K][] },
];

/**
 * Reads sorted lists side by side, key by key. Memory holds the items of one key.
 */
export async function* alongside<T extends readonly unknown[]>(
  ...sources: { [K in keyof T]: Source<T[K]> }
): AsyncGenerator<Group<T>> {
  const cursors = await Promise.all(sources.map((source) => Cursor.at(source as Source<unknown>)));
  for (;;) {
    const keys = cursors.flatMap(({ key }) => (key === undefined ? [] : [key]));
    const [first, ...others] = keys;
    if (first === undefined) return;
    const least = others.reduce((low, key) => (comesBefore(key, low) ? key : low), first);
    const items: unknown[][] = [];
    for (const cursor of cursors) items.push(await cursor.take(least));
    yield [least, ...items] as unknown as Group<T>;
  }
}

/** The position in one list. */
class Cursor<T> {
  readonly #items: AsyncIterator<T>;
  readonly #keyOf: (item: T) => string;
  #next: T | undefined;
  /** The next key; undefined at the end. */
  key: string | undefined;

  private constructor({ items, keyOf }: Source<T>) {
    this.#items = items[Symbol.asyncIterator]();
    this.#keyOf = keyOf;
  }

  static async at<T>(source: Source<T>): Promise<Cursor<T>> {
    const cursor = new Cursor(source);
    await cursor.#step();
    return cursor;
  }

  /** All items with this key, if it is the next one. */
  async take(key: string): Promise<T[]> {
    const taken: T[] = [];
    while (this.key === key && this.#next !== undefined) {
      taken.push(this.#next);
      await this.#step();
    }
    return taken;
  }

  async #step(): Promise<void> {
    const { done, value } = await this.#items.next();
    this.#next = done ? undefined : value;
    this.key = this.#next === undefined ? undefined : this.#keyOf(this.#next);
  }
}

/** Firestore orders ids and strings by their bytes; JavaScript's own order differs for some. */
function comesBefore(one: string, other: string): boolean {
  return Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0;
}
