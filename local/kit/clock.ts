import { setTimeout as wait } from "node:timers/promises";
import { quietLoop } from "./event-loop.ts";
import type { PersistentState } from "./persistent-state.ts";

/** A callback the clock will run once its time has come. */
interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly callback: () => void;
}

const MAX_TIMEOUT_MS = 2 ** 31 - 1;
/** What is under way ends within minutes; what does not waits for something that will never come. */
const MAX_DRIVE_MS = 3_600_000;
/** Real time between two looks at work that waits for something outside of this process. */
const OTHERS_WAIT_MS = 1;

/**
 * The one clock of the local cloud: real time that runs on, plus whatever it has been advanced by; or a
 * clock that stands still and only ever moves by being advanced, whatever the machine does meanwhile.
 * Every emulator and every function reads it, so a day can pass in a moment for all of them at once.
 */
export class LocalClock {
  readonly #standsAtMs: number | undefined;
  #offsetMs = 0;
  #heldAtMs: number | undefined;
  #sequence = 0;
  #timers: Timer[] = [];
  #wake: NodeJS.Timeout | undefined;
  #wakeNow: NodeJS.Immediate | undefined;
  /** How much there is that waits for this clock to go on by itself. */
  #driven = 0;
  #isGuided = false;
  #going: Promise<void> | undefined;

  /** Stands at `standsAtMs`, in milliseconds since the epoch; without it, it runs on from now. */
  constructor({ standsAtMs }: { readonly standsAtMs?: number } = {}) {
    this.#standsAtMs = standsAtMs;
  }

  /** Milliseconds since the epoch. Never runs backwards. */
  nowMs(): number {
    if (this.#standsAtMs !== undefined) return this.#standsAtMs + this.#offsetMs;
    return performance.timeOrigin + (this.#heldAtMs ?? performance.now()) + this.#offsetMs;
  }

  now(): Date {
    return new Date(this.nowMs());
  }

  /** Runs `callback` once the clock reads `atMs` or later; returns a function that takes it back. */
  at(atMs: number, callback: () => void): () => void {
    const timer: Timer = { atMs, order: this.#sequence++, callback };
    const index = this.#timers.findLastIndex((other) => other.atMs <= atMs) + 1;
    this.#timers.splice(index, 0, timer);
    this.#arm();
    return () => {
      const found = this.#timers.indexOf(timer);
      if (found >= 0) this.#timers.splice(found, 1);
      this.#arm();
    };
  }

  after(delayMs: number, callback: () => void): () => void {
    return this.at(this.nowMs() + Math.max(0, delayMs), callback);
  }

  async sleep(delayMs: number): Promise<void> {
    await new Promise<void>((resolve) => this.after(delayMs, resolve));
  }

  /**
   * Moves time forward by `ms`. Timers that fall due on the way run in their order, each at its own
   * moment, and what they start gets a turn of the event loop before the next.
   */
  async advance(ms: number): Promise<void> {
    const targetMs = this.nowMs() + ms;
    // What has begun at this moment goes on at this moment.
    if (this.stands) await quietLoop();
    for (let due = this.#timers[0]; due && due.atMs <= targetMs; due = this.#timers[0]) {
      this.#offsetMs += Math.max(0, due.atMs - this.nowMs());
      this.#runDue();
      await this.#giveTurn();
    }
    this.#offsetMs += Math.max(0, targetMs - this.nowMs());
    this.#arm();
  }

  /** Whether it only ever moves by being advanced. */
  get stands(): boolean {
    return this.#standsAtMs !== undefined;
  }

  /** From now on only `advance` moves a clock that stands, whatever is waited for. */
  guide(): void {
    this.#isGuided = true;
  }

  /**
   * Gives what `work` gives. Where this clock stands, it goes from one timer to the next until then, each
   * time that nothing else can go on. Throws when that has lasted for an hour of this clock.
   */
  async drive<Result>(work: Promise<Result>): Promise<Result> {
    if (!this.stands || this.#isGuided) return work;
    this.#driven += 1;
    this.#going ??= this.#goOn();
    try {
      return await Promise.race([work, this.#going.then(() => work)]);
    } finally {
      this.#driven -= 1;
    }
  }

  /** Keeps real time out until `work` is done: only `advance` moves time meanwhile. */
  async holdDuring<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#standsAtMs !== undefined) return work();
    const heldAtMs = performance.now();
    this.#heldAtMs = heldAtMs;
    try {
      return await work();
    } finally {
      this.#offsetMs -= performance.now() - heldAtMs;
      this.#heldAtMs = undefined;
      this.#arm();
    }
  }

  /**
   * How far it has been moved on is kept; real time goes on meanwhile. A machine whose own clock was set back
   * between two runs goes on from where the last run ended, so that nothing stored lies in the future.
   */
  persistIn(state: PersistentState): void {
    state.part(
      "clock",
      () => ({ offsetMs: this.#offsetMs, nowMs: this.nowMs() }),
      ({ offsetMs, nowMs }) => {
        this.#offsetMs = offsetMs;
        this.#offsetMs += Math.max(0, nowMs - this.nowMs());
      },
    );
  }

  /** How far it is ahead of the machine's clock, in milliseconds. */
  get aheadMs(): number {
    return this.#offsetMs;
  }

  /** When the next timer falls due, in milliseconds since the epoch. */
  nextDueMs(): number | undefined {
    return this.#timers[0]?.atMs;
  }

  /** Forgets every timer, so that nothing keeps the process alive. */
  stop(): void {
    this.#timers = [];
    this.#arm();
  }

  /** Lets what a timer has started go on: by one turn, or as far as it can go where this clock stands. */
  #giveTurn(): Promise<void> {
    if (this.stands) return quietLoop();
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** Says that it has ended in the moment it ends: what is waited for later finds nobody going on. */
  async #goOn(): Promise<void> {
    const untilMs = this.nowMs() + MAX_DRIVE_MS;
    try {
      for (;;) {
        await quietLoop();
        if (this.#driven === 0) return;
        if (this.nowMs() > untilMs)
          throw new Error("What is waited for has not come within an hour.");
        const dueMs = this.nextDueMs();
        // What is waited for then is none of ours, such as a socket.
        if (dueMs === undefined) await wait(OTHERS_WAIT_MS);
        else await this.advance(Math.max(0, dueMs - this.nowMs()));
      }
    } finally {
      this.#going = undefined;
    }
  }

  #runDue(): void {
    const nowMs = this.nowMs();
    while (this.#timers[0] && this.#timers[0].atMs <= nowMs) this.#timers.shift()?.callback();
    this.#arm();
  }

  /** What is due runs in a turn of the event loop of its own, after the code that asked for it. */
  #arm(): void {
    clearTimeout(this.#wake);
    clearImmediate(this.#wakeNow);
    const next = this.#timers[0];
    if (!next) return;
    if (this.#standsAtMs !== undefined) {
      if (next.atMs <= this.nowMs()) this.#wakeNow = setImmediate(() => this.#runDue());
      return;
    }
    const delayMs = Math.min(MAX_TIMEOUT_MS, Math.max(0, next.atMs - this.nowMs()));
    this.#wake = setTimeout(() => this.#runDue(), Math.ceil(delayMs));
  }
}
