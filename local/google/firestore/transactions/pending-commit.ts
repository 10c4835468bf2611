import type { Change, Database } from "../storage/database.ts";
import { type Micros, toTimestamp } from "../storage/micros.ts";
import type { Store } from "../storage/store.ts";
import type { IndexConfiguration, StoredDocument, Timestamp } from "../types.ts";
import { applyWrites, type Outcome } from "../writes/apply.ts";
import type { CompiledWrite } from "../writes/compile.ts";
import type { WriteResult } from "../writes/messages.ts";
import type { LockRequest } from "./lock-queue.ts";
import type { Locks } from "./locks.ts";
import type { Party } from "./transaction.ts";

/** A commit's result for the client. */
export interface Committed {
  readonly results: readonly WriteResult[];
  /** Null if there was nothing to write. */
  readonly commitTime: Timestamp | null;
}

/** What a commit needs. */
interface Place {
  readonly store: Store;
  readonly database: Database;
  readonly locks: Locks;
  readonly indexes: IndexConfiguration;
}

/** A commit that waits until no other transaction holds locks on what it changes. */
export class PendingCommit implements LockRequest<Committed> {
  readonly party: Party;
  readonly names: ReadonlySet<string>;
  readonly #place: Place;
  readonly #writes: readonly CompiledWrite[];
  #last: OutcomeAt | undefined;

  constructor(place: Place, writes: readonly CompiledWrite[], party: Party) {
    this.#place = place;
    this.#writes = writes;
    this.party = party;
    this.names = new Set(writes.map(({ name }) => name));
  }

  /** The changes it would make now; empty if it will be refused. */
  changes(): readonly Change[] {
    try {
      return (this.#unchanged() ?? this.#outcome()).changes;
    } catch {
      return [];
    }
  }

  /**
   * The readers of what it changes. Waiting commits are checked often, so the changes are
   * recomputed only when documents have changed or the commit may proceed.
   */
  blockers(): ReadonlySet<Party> {
    const { locks } = this.#place;
    const known = this.#unchanged();
    const readers = known && locks.readersOf(known.changes, this.party);
    return readers && readers.size > 0
      ? readers
      : locks.readersOf(this.#outcome().changes, this.party);
  }

  execute(): Committed {
    const { store, database } = this.#place;
    const { changes, results, atMicros } = this.#outcome();
    if (this.#writes.length === 0) return { results, commitTime: null };
    store.commit(database, changes, atMicros);
    return { results, commitTime: toTimestamp(atMicros) };
  }

  /** What it would do now. The time of the next commit identifies the state of all documents. */
  #outcome(): OutcomeAt {
    const { store, database, indexes } = this.#place;
    const atMicros = store.nextCommitTime();
    if (this.#last?.atMicros === atMicros) return this.#last;
    const seen = new Map<string, StoredDocument | undefined>();
    const stored = (name: string) => {
      const document = database.get(name);
      seen.set(name, document);
      return document;
    };
    const outcome = applyWrites(this.#writes, stored, { atMicros, indexes });
    this.#last = { ...outcome, atMicros, seen };
    return this.#last;
  }

  /** The last outcome, except for its time, if the documents it depends on have not changed. */
  #unchanged(): OutcomeAt | undefined {
    const last = this.#last;
    const { database } = this.#place;
    return last?.seen.entries().every(([name, document]) => database.get(name) === document)
      ? last
      : undefined;
  }
}

/** A commit's outcome at a time, and the documents it depends on. */
interface OutcomeAt extends Outcome {
  readonly atMicros: Micros;
  readonly seen: ReadonlyMap<string, StoredDocument | undefined>;
}
