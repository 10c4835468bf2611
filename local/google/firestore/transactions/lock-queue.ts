import type { LocalClock } from "../../../kit/clock.ts";
import type { Change } from "../storage/database.ts";
import { contentionError, type Party } from "./transaction.ts";

/**
 * How long a read or commit waits for locks. Google publishes no number: an operation "is delayed
 * or fails" (https://firebase.google.com/docs/firestore/transaction-data-contention), and its
 * emulator gives up after two seconds. A lock holder can stay idle for up to a minute, so a client
 * that retries five times may still fail, as in production.
 */
const MAX_WAIT_MS = 5_000;

/** A transaction's read, or a commit, that may have to wait for locks. */
export interface LockRequest<Result> {
  readonly party: Party;
  /** The documents it will write; empty for a read. */
  readonly names: ReadonlySet<string>;
  /** The changes it would make now; empty for a read. */
  changes(): readonly Change[];
  /**
   * The parties that block it now; `earlier` are the requests that have been waiting for longer.
   * Throws when it can never succeed.
   */
  blockers(earlier: readonly LockRequest<unknown>[]): ReadonlySet<Party>;
  /** Executes it, in the same turn of the event loop in which nothing blocked it. */
  execute(): Result;
}

/** The requests that wait for locks: in order, with a time limit, and without deadlocks. */
export class LockQueue {
  #clock: LocalClock;
  #abort: (victim: Party) => void;
  /** In order of arrival. */
  #waiting = new Map<LockRequest<unknown>, () => void>();

  /** `abort` ends the party chosen as a deadlock's victim. */
  constructor(clock: LocalClock, abort: (victim: Party) => void) {
    this.#clock = clock;
    this.#abort = abort;
  }

  /** Whether nothing is waiting, so that reads need not check. */
  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /**
   * Executes the request as soon as nothing blocks it. Throws ABORTED after the time limit, or when
   * it is in a deadlock and its party is the youngest.
   */
  async run<Result>(request: LockRequest<Result>): Promise<Result> {
    const deadlineMs = this.#clock.nowMs() + MAX_WAIT_MS;
    try {
      for (;;) {
        if (request.blockers(this.#earlierThan(request)).size === 0) return request.execute();
        if (this.#clock.nowMs() >= deadlineMs) throw contentionError();
        await this.#untilWoken(request, deadlineMs);
        request.party.assertOpen();
      }
    } finally {
      if (this.#waiting.delete(request)) this.wake();
    }
  }

  /** Makes all waiting requests check again, in order of arrival. */
  wake(): void {
    for (const resolve of this.#waiting.values()) resolve();
  }

  async #untilWoken(request: LockRequest<unknown>, deadlineMs: number): Promise<void> {
    const { promise: woken, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(request, resolve);
    const stopTimer = this.#clock.at(deadlineMs, resolve);
    this.#resolveDeadlocks(request);
    await woken;
    stopTimer();
  }

  #earlierThan(request: LockRequest<unknown>): LockRequest<unknown>[] {
    const all = [...this.#waiting.keys()];
    const position = all.indexOf(request);
    return position < 0 ? all : all.slice(0, position);
  }

  /**
   * In a deadlock the oldest party wins, as in production:
   * https://github.com/googleapis/nodejs-firestore/issues/785
   */
  #resolveDeadlocks(request: LockRequest<unknown>): void {
    for (;;) {
      const deadlock = this.#findDeadlock(request);
      const victim = deadlock?.reduce((left, right) => (left.age > right.age ? left : right));
      if (victim === undefined) return;
      this.#abort(victim);
      if (victim === request.party) return;
    }
  }

  /** The parties of the deadlock that this request causes, if any. */
  #findDeadlock(start: LockRequest<unknown>): Party[] | undefined {
    const seen = new Set<Party>();
    const follow = (request: LockRequest<unknown>, path: Party[]): Party[] | undefined => {
      for (const blocker of this.#blockersOf(request)) {
        if (blocker === start.party) return [...path, blocker];
        if (seen.has(blocker)) continue;
        seen.add(blocker);
        for (const next of this.#requestsOf(blocker)) {
          const deadlock = follow(next, [...path, blocker]);
          if (deadlock !== undefined) return deadlock;
        }
      }
      return undefined;
    };
    return follow(start, []);
  }

  #requestsOf(party: Party): LockRequest<unknown>[] {
    return [...this.#waiting.keys()].filter((request) => request.party === party);
  }

  /** A request that will fail at its next check waits for nobody. */
  #blockersOf(request: LockRequest<unknown>): Iterable<Party> {
    if (!request.party.isOpen) return [];
    try {
      return request.blockers(this.#earlierThan(request));
    } catch {
      return [];
    }
  }
}
