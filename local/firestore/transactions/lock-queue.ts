import type { LocalClock } from "../../kit/clock.ts";
import type { Change } from "../storage/database.ts";
import { contentionError, type Party } from "./transaction.ts";

/**
 * How long a read or a commit waits for others' locks. Google publishes no figure: it says that an
 * operation is delayed or fails (https://firebase.google.com/docs/firestore/transaction-data-contention),
 * and its emulator gives up after two seconds. Whoever is in the way can stay for up to a minute
 * without a sign of life, so a client that retries five times may still fail, as in production.
 */
const MAX_WAIT_MS = 5_000;

/** A read of a transaction, or a commit, that may have to wait for others. */
export interface LockRequest<Result> {
  readonly party: Party;
  /** The documents it is going to write; none for a read. */
  readonly names: ReadonlySet<string>;
  /** What it is going to change, as things are at this moment; nothing for a read. */
  changes(): readonly Change[];
  /**
   * Who stands in its way at this moment, when these others have been waiting for longer. Throws when
   * it cannot be done at all.
   */
  blockers(earlier: readonly LockRequest<unknown>[]): ReadonlySet<Party>;
  /** Does it. Only in the turn of the event loop in which nobody stood in its way. */
  carryOut(): Result;
}

/** The requests that wait for others' locks: in turn, not forever, and never in a circle. */
export class LockQueue {
  #clock: LocalClock;
  #abort: (victim: Party) => void;
  /** In the order they came. */
  #waiting = new Map<LockRequest<unknown>, () => void>();

  /** `abort` ends the party that has to give way when several wait for each other. */
  constructor(clock: LocalClock, abort: (victim: Party) => void) {
    this.#clock = clock;
    this.#abort = abort;
  }

  /** Nobody waits, so reads need not ask whether they have to. */
  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /**
   * Carries the request out as soon as nobody stands in its way. Throws ABORTED when that takes too
   * long, or when it waits for those that wait for it and its party is the youngest of them.
   */
  async run<Result>(request: LockRequest<Result>): Promise<Result> {
    const deadlineMs = this.#clock.nowMs() + MAX_WAIT_MS;
    try {
      for (;;) {
        if (request.blockers(this.#earlierThan(request)).size === 0) return request.carryOut();
        if (this.#clock.nowMs() >= deadlineMs) throw contentionError();
        await this.#untilWoken(request, deadlineMs);
        request.party.assertOpen();
      }
    } finally {
      if (this.#waiting.delete(request)) this.wake();
    }
  }

  /** Lets all that wait look again, in the order they came. */
  wake(): void {
    for (const resolve of this.#waiting.values()) resolve();
  }

  async #untilWoken(request: LockRequest<unknown>, deadlineMs: number): Promise<void> {
    const { promise: woken, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(request, resolve);
    const stopTimer = this.#clock.at(deadlineMs, resolve);
    this.#breakCircles(request);
    await woken;
    stopTimer();
  }

  #earlierThan(request: LockRequest<unknown>): LockRequest<unknown>[] {
    const all = [...this.#waiting.keys()];
    const position = all.indexOf(request);
    return position < 0 ? all : all.slice(0, position);
  }

  /** The oldest wins, as it does in production: https://github.com/googleapis/nodejs-firestore/issues/785 */
  #breakCircles(request: LockRequest<unknown>): void {
    for (;;) {
      const circle = this.#circleThrough(request);
      const victim = circle?.reduce((left, right) => (left.age > right.age ? left : right));
      if (victim === undefined) return;
      this.#abort(victim);
      if (victim === request.party) return;
    }
  }

  /** The parties that wait for each other because of this request, if there are such. */
  #circleThrough(start: LockRequest<unknown>): Party[] | undefined {
    const seen = new Set<Party>();
    const follow = (request: LockRequest<unknown>, path: Party[]): Party[] | undefined => {
      for (const blocker of this.#blockersOf(request)) {
        if (blocker === start.party) return [...path, blocker];
        if (seen.has(blocker)) continue;
        seen.add(blocker);
        for (const next of this.#requestsOf(blocker)) {
          const circle = follow(next, [...path, blocker]);
          if (circle !== undefined) return circle;
        }
      }
      return undefined;
    };
    return follow(start, []);
  }

  #requestsOf(party: Party): LockRequest<unknown>[] {
    return [...this.#waiting.keys()].filter((request) => request.party === party);
  }

  /** A request that is going to fail when it looks again waits for nobody. */
  #blockersOf(request: LockRequest<unknown>): Iterable<Party> {
    if (!request.party.isOpen) return [];
    try {
      return request.blockers(this.#earlierThan(request));
    } catch {
      return [];
    }
  }
}
