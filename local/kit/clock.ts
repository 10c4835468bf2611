import type { KeptState } from "./kept-state.ts";

/** A callback the clock will run once its time has come. */
interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly callback: () => void;
}

const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * The one clock of the local cloud: real time that runs on, plus whatever it has been advanced by.
 * Every stand-in and every function reads it, so a day can pass in a moment for all of them at once.
 */
export class LocalClock {
  #offsetMs = 0;
  #heldAtMs: number | undefined;
  #sequence = 0;
  #timers: Timer[] = [];
  #wake: NodeJS.Timeout | undefined;

  /** Milliseconds since the epoch. Never runs backwards. */
  nowMs(): number {
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
    for (let due = this.#timers[0]; due && due.atMs <= targetMs; due = this.#timers[0]) {
      this.#offsetMs += Math.max(0, due.atMs - this.nowMs());
      this.#runDue();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#offsetMs += Math.max(0, targetMs - this.nowMs());
    this.#arm();
  }

  /** Keeps real time out until `work` is done: only `advance` moves time meanwhile. */
  async holdDuring<Result>(work: () => Promise<Result>): Promise<Result> {
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

  /** How far it has been moved on is kept; real time goes on meanwhile. */
  keepIn(state: KeptState): void {
    state.part(
      "clock",
      () => this.#offsetMs,
      (offsetMs) => {
        this.#offsetMs = offsetMs;
      },
    );
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

  #runDue(): void {
    const nowMs = this.nowMs();
    while (this.#timers[0] && this.#timers[0].atMs <= nowMs) this.#timers.shift()?.callback();
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#wake);
    const next = this.#timers[0];
    if (!next) return;
    const delayMs = Math.min(MAX_TIMEOUT_MS, Math.max(0, next.atMs - this.nowMs()));
    this.#wake = setTimeout(() => this.#runDue(), Math.ceil(delayMs));
  }
}
