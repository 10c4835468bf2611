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

/** What a commit tells the client. */
export interface Committed {
  readonly results: readonly WriteResult[];
  /** Null when there was nothing to write. */
  readonly commitTime: Timestamp | null;
}

/** Where a commit happens, and what may stand in its way. */
interface Place {
  readonly store: Store;
  readonly database: Database;
  readonly locks: Locks;
  readonly indexes: IndexConfiguration;
}

/** A commit that waits until no other transaction has read what it changes. */
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

  /** What it is going to change; nothing when it is going to be refused. */
  changes(): readonly Change[] {
    try {
      return (this.#unchanged() ?? this.#outcome()).changes;
    } catch {
      return [];
    }
  }

  /**
   * Who has read what it changes. Whoever waits is asked again and again, so what it changes is only
   * worked out anew when the documents are others by now, or when it may go on.
   */
  blockers(): ReadonlySet<Party> {
    const { locks } = this.#place;
    const known = this.#unchanged();
    const readers = known && locks.readersOf(known.changes, this.party);
    return readers && readers.size > 0
      ? readers
      : locks.readersOf(this.#outcome().changes, this.party);
  }

  carryOut(): Committed {
    const { store, database } = this.#place;
    const { changes, results, atMicros } = this.#outcome();
    if (this.#writes.length === 0) return { results, commitTime: null };
    store.commit(database, changes, atMicros);
    return { results, commitTime: toTimestamp(atMicros) };
  }

  /** What it would do now. The time of the next commit says which state of all documents that is. */
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

  /** The last outcome, its time apart, when the documents are still those that it was worked out from. */
  #unchanged(): OutcomeAt | undefined {
    const last = this.#last;
    const { database } = this.#place;
    return last?.seen.entries().every(([name, document]) => database.get(name) === document)
      ? last
      : undefined;
  }
}

/** What a commit would do at a time, from these documents. */
interface OutcomeAt extends Outcome {
  readonly atMicros: Micros;
  readonly seen: ReadonlyMap<string, StoredDocument | undefined>;
}
