import type { CommitListener } from "../../local/google/firestore/storage/store.ts";
import type { StudioHost } from "./host.ts";

type Change = Parameters<CommitListener>[1][number];

/** A commit of Firestore, as it happened. */
export interface SeenCommit {
  readonly sequence: number;
  readonly atMicros: number;
  readonly changes: readonly Change[];
}

/** How many of the latest commits are held. */
const MOST_COMMITS = 2_000;

/** Firestore's latest commits. */
export class CommitLog {
  readonly #host: StudioHost;
  #commits: SeenCommit[] = [];
  #sequence = 0;

  constructor(host: StudioHost) {
    this.#host = host;
    host.cloud.onCommit?.((_database, changes, atMicros) => {
      this.#sequence += 1;
      this.#commits.push({ sequence: this.#sequence, atMicros, changes });
      if (this.#commits.length > 2 * MOST_COMMITS) {
        this.#commits = this.#commits.slice(-MOST_COMMITS);
      }
    });
  }

  /** The number of the newest commit. */
  get newest(): number {
    return this.#sequence;
  }

  /** The held commits, oldest first. */
  all(): readonly SeenCommit[] {
    return this.#commits;
  }

  /** The held commits after the given one, oldest first. */
  after(sequence: number): readonly SeenCommit[] {
    const first = this.#commits[0]?.sequence ?? 0;
    return this.#commits.slice(Math.max(0, sequence + 1 - first));
  }

  /** The trace whose function made a commit, if it was recorded. */
  traceOf({ atMicros }: SeenCommit): string | undefined {
    return this.#host.cloud.functions.outgoing?.traceOfCommit(atMicros);
  }
}

/** A document's path below the root of its database. */
export function pathOf(name: string): string {
  return name.split("/").slice(5).join("/");
}
