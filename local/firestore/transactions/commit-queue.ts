import type { LocalClock } from "../../kit/clock.ts";
import { contentionError, type Transaction } from "./transaction.ts";

/** How long a commit waits for the transactions that stand in its way. Google's emulator waits two seconds. */
const MAX_WAIT_MS = 5_000;

/** A commit that may have to wait. */
export interface PendingCommit<Result> {
  /** The transaction it ends; undefined for a commit of its own. */
  readonly owner: Transaction | undefined;
  /** The documents it writes. */
  readonly names: ReadonlySet<string>;
  /** What it would do at this moment; throws when it cannot be done at all. */
  plan(): CommitPlan<Result>;
}

/** What a commit would do, and who stands in its way. */
export interface CommitPlan<Result> {
  readonly blockers: ReadonlySet<Transaction>;
  /** Does it. Only in the turn of the event loop that made the plan. */
  carryOut(): Result;
}

/** The commits that wait for others' locks: in turn, not forever, and never in a circle. */
export class CommitQueue {
  #clock: LocalClock;
  #abort: (victim: Transaction) => void;
  #waiting = new Map<PendingCommit<unknown>, () => void>();

  /** `abort` ends the transaction that has to give way when several wait for each other. */
  constructor(clock: LocalClock, abort: (victim: Transaction) => void) {
    this.#clock = clock;
    this.#abort = abort;
  }

  /** Whether a waiting commit is going to write the document. */
  writes(name: string): boolean {
    return this.#waiting.keys().some(({ names }) => names.has(name));
  }

  /**
   * Carries the commit out as soon as nobody stands in its way. Throws ABORTED when that takes too
   * long, or when it waits for those that wait for it and is the youngest of them.
   */
  async run<Result>(commit: PendingCommit<Result>): Promise<Result> {
    const deadlineMs = this.#clock.nowMs() + MAX_WAIT_MS;
    try {
      for (;;) {
        const { blockers, carryOut } = commit.plan();
        if (blockers.size === 0) return carryOut();
        if (this.#clock.nowMs() >= deadlineMs) throw contentionError();
        await this.#untilWoken(commit, deadlineMs);
        commit.owner?.assertOpen();
      }
    } finally {
      this.#waiting.delete(commit);
    }
  }

  /** Lets all waiting commits look again, in the order they came. */
  wake(): void {
    for (const resolve of this.#waiting.values()) resolve();
  }

  async #untilWoken(commit: PendingCommit<unknown>, deadlineMs: number): Promise<void> {
    let stopTimer = () => {};
    const woken = new Promise<void>((resolve) => {
      this.#waiting.set(commit, resolve);
      stopTimer = this.#clock.at(deadlineMs, resolve);
    });
    this.#breakCircles(commit);
    await woken;
    stopTimer();
  }

  #breakCircles(commit: PendingCommit<unknown>): void {
    for (;;) {
      const circle = this.#circleThrough(commit);
      const victim = circle?.reduce((left, right) => (left.age > right.age ? left : right));
      if (victim === undefined) return;
      this.#abort(victim);
      if (victim === commit.owner) return;
    }
  }

  /** The transactions that wait for each other because of this commit, if there are such. */
  #circleThrough(start: PendingCommit<unknown>): Transaction[] | undefined {
    const byOwner = new Map([...this.#waiting.keys()].map((commit) => [commit.owner, commit]));
    const seen = new Set<Transaction>();
    const follow = (
      commit: PendingCommit<unknown>,
      path: Transaction[],
    ): Transaction[] | undefined => {
      for (const blocker of blockersOf(commit)) {
        if (blocker === start.owner) return [...path, blocker];
        const next = byOwner.get(blocker);
        if (next === undefined || seen.has(blocker)) continue;
        seen.add(blocker);
        const circle = follow(next, [...path, blocker]);
        if (circle !== undefined) return circle;
      }
      return undefined;
    };
    return start.owner === undefined ? undefined : follow(start, []);
  }
}

/** A commit that is going to fail when it looks again waits for nobody. */
function blockersOf(commit: PendingCommit<unknown>): Iterable<Transaction> {
  try {
    return commit.plan().blockers;
  } catch {
    return [];
  }
}
