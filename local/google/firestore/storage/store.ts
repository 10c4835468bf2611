import { randomUUID } from "node:crypto";
import type { LocalClock } from "../../../kit/clock.ts";
import type { PersistentState } from "../../../kit/persistent-state.ts";
import type { StoredDocument } from "../types.ts";
import { type Change, Database } from "./database.ts";
import { type Micros, toMicros } from "./micros.ts";

/** The oldest possible read time: https://firebase.google.com/docs/firestore/pitr */
const RETENTION_MICROS: Micros = 3_600e6;

/** Called synchronously at each commit, in order. */
export type CommitListener = (
  database: Database,
  changes: readonly Change[],
  atMicros: Micros,
) => void;

/** A version to be deleted once it is older than any read time. */
interface Superseded {
  readonly database: Database;
  readonly name: string;
  readonly atMicros: Micros;
}

/** All databases of the server, and the order of their commits. */
export class Store {
  /** Unique per start of the server. */
  readonly runId = randomUUID();
  #clock: LocalClock;
  #databases = new Map<string, Database>();
  #lastMicros: Micros = 0;
  #knownSinceMicros: Micros = 0;
  #superseded: Superseded[] = [];
  #listeners = new Set<CommitListener>();

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  /**
   * Stores every current document in `state`. Past versions are only available from the restart on.
   */
  persistIn(state: PersistentState): void {
    state.part(
      "firestore",
      () => new Map([...this.#databases].map(([name, database]) => [name, [...database.all()]])),
      (saved) => {
        for (const [name, documents] of saved) {
          for (const document of documents) this.#restore(name, document);
        }
        this.#knownSinceMicros = this.readTime();
      },
    );
  }

  /** The database with this name, created on first use. */
  database(name: string): Database {
    const known = this.#databases.get(name);
    if (known !== undefined) return known;
    const database = new Database(name);
    this.#databases.set(name, database);
    return database;
  }

  /** Every current document of every database. */
  *all(): Generator<readonly [Database, StoredDocument]> {
    for (const database of this.#databases.values()) {
      for (const document of database.all()) yield [database, document];
    }
  }

  /** A time at or after all commits so far and before all later ones. */
  readTime(): Micros {
    this.#lastMicros = Math.max(this.#nowMicros(), this.#lastMicros);
    return this.#lastMicros;
  }

  /** The time of the next commit, later than every time returned so far. */
  nextCommitTime(): Micros {
    return Math.max(this.#nowMicros(), this.#lastMicros + 1);
  }

  /** The oldest possible read time. */
  oldestReadTime(): Micros {
    return Math.max(this.#nowMicros() - RETENTION_MICROS, this.#knownSinceMicros);
  }

  /** Commits changes atomically, at a time that `nextCommitTime` returned in the same turn. */
  commit(database: Database, changes: readonly Change[], atMicros: Micros): void {
    this.#lastMicros = atMicros;
    if (changes.length === 0) return;
    database.apply(changes, atMicros);
    for (const { name } of changes) this.#superseded.push({ database, name, atMicros });
    this.#forgetOldVersions();
    for (const listener of this.#listeners) listener(database, changes, atMicros);
  }

  /** Calls the listener at every commit. The returned function unsubscribes it. */
  subscribe(listener: CommitListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#listeners.clear();
  }

  #nowMicros(): Micros {
    return Math.floor(this.#clock.nowMs() * 1000);
  }

  #restore(databaseName: string, document: StoredDocument): void {
    this.database(databaseName).restore(document.name, document);
    this.#lastMicros = Math.max(this.#lastMicros, toMicros(document.updateTime));
  }

  #forgetOldVersions(): void {
    const oldestMicros = this.#nowMicros() - RETENTION_MICROS;
    const kept = this.#superseded.findIndex(({ atMicros }) => atMicros >= oldestMicros);
    for (const { database, name } of this.#superseded.splice(0, Math.max(0, kept))) {
      database.forgetOldest(name);
    }
  }
}
