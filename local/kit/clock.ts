import { setTimeout as wait } from "node:timers/promises";
import type { Describe, DueThing } from "./due.ts";
import { quietLoop } from "./event-loop.ts";
import type { PersistentState } from "./persistent-state.ts";

/** A callback to run when its time has come. */
interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly callback: () => void;
  readonly describe: Describe | undefined;
}

const MAX_TIMEOUT_MS = 2 ** 31 - 1;
/** Work finishes within minutes; after this time it is waiting for something that never happens. */
const MAX_DRIVE_MS = 3_600_000;
/** Real time between two checks of work that waits for something outside this process. */
const OTHERS_WAIT_MS = 1;

/**
 * The local cloud's only clock. It either follows real time plus whatever it was advanced by, or is
 * frozen and moves only when advanced, however long the machine takes. Every emulator and function
 * reads it, so a day can pass instantly for all of them.
 */
export class LocalClock {
  readonly #frozenAtMs: number | undefined;
  #offsetMs = 0;
  #heldAtMs: number | undefined;
  #sequence = 0;
  /** The next one to run is the last, so that adding and running it moves no other. */
  #timers: Timer[] = [];
  #wake: NodeJS.Timeout | undefined;
  #wakeNow: NodeJS.Immediate | undefined;
  /** How many calls of `drive` are waiting. */
  #driven = 0;
  #isDrivingStopped = false;
  #dueVersion = 0;
  #going: Promise<void> | undefined;

  /**
   * Frozen at `frozenAtMs`, in milliseconds since the epoch; without it, the clock follows real
   * time from now on.
   */
  constructor({ frozenAtMs }: { readonly frozenAtMs?: number } = {}) {
    this.#frozenAtMs = frozenAtMs;
  }

  /** Milliseconds since the epoch. Never decreases. */
  nowMs(): number {
    if (this.#frozenAtMs !== undefined) return this.#frozenAtMs + this.#offsetMs;
    return performance.timeOrigin + (this.#heldAtMs ?? performance.now()) + this.#offsetMs;
  }

  now(): Date {
    return new Date(this.nowMs());
  }

  /**
   * Runs `callback` once the clock reads `atMs` or later. The returned function cancels it.
   * `describe` lists it among the upcoming things.
   */
  at(atMs: number, callback: () => void, describe?: Describe): () => void {
    const timer: Timer = { atMs, order: this.#sequence++, callback, describe };
    const index = this.#indexOf(timer);
    this.#timers.splice(index, 0, timer);
    this.#noteDue(timer);
    if (this.#next === timer) this.#arm();
    return () => {
      const found = this.#indexOf(timer);
      if (this.#timers[found] !== timer) return;
      const wasNext = this.#next === timer;
      this.#timers.splice(found, 1);
      this.#noteDue(timer);
      if (wasNext) this.#arm();
    };
  }

  get #next(): Timer | undefined {
    return this.#timers.at(-1);
  }

  /** Where a timer is among the others, or would be. */
  #indexOf({ atMs, order }: Timer): number {
    let [low, high] = [0, this.#timers.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#timers[middle];
      const isLater =
        other !== undefined && (other.atMs > atMs || (other.atMs === atMs && other.order > order));
      if (isLater) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  after(delayMs: number, callback: () => void, describe?: Describe): () => void {
    return this.at(this.nowMs() + Math.max(0, delayMs), callback, describe);
  }

  /** Everything that the services will do by themselves, soonest first. */
  upcoming(): DueThing[] {
    return this.#timers.toReversed().flatMap(({ atMs, describe }) => {
      const due = describe?.();
      return due ? [{ atMs, ...due }] : [];
    });
  }

  /** Changes whenever `upcoming` does. */
  get dueVersion(): number {
    return this.#dueVersion;
  }

  #noteDue({ describe }: Pick<Timer, "describe">): void {
    if (describe) this.#dueVersion += 1;
  }

  async sleep(delayMs: number): Promise<void> {
    await new Promise<void>((resolve) => this.after(delayMs, resolve));
  }

  /**
   * Advances the time by `ms`. Timers that become due run in order, each at its own time, and their
   * work gets a turn of the event loop before the next one.
   */
  async advance(ms: number): Promise<void> {
    const targetMs = this.nowMs() + ms;
    // Work that has already started finishes before time moves.
    if (this.isFrozen) await quietLoop();
    for (let due = this.#next; due && due.atMs <= targetMs; due = this.#next) {
      this.#offsetMs += Math.max(0, due.atMs - this.nowMs());
      this.#runDue();
      await this.#giveTurn();
    }
    this.#offsetMs += Math.max(0, targetMs - this.nowMs());
    this.#arm();
  }

  /** Whether it moves only when advanced. */
  get isFrozen(): boolean {
    return this.#frozenAtMs !== undefined;
  }

  /** From now on `drive` no longer advances a frozen clock; only `advance` does. */
  stopDriving(): void {
    this.#isDrivingStopped = true;
  }

  /**
   * Returns the result of `work`. A frozen clock is advanced from timer to timer until then, each
   * time that nothing else can proceed. Throws after an hour on this clock.
   */
  async drive<Result>(work: Promise<Result>): Promise<Result> {
    if (!this.isFrozen || this.#isDrivingStopped) return work;
    this.#driven += 1;
    this.#going ??= this.#driveTimers();
    try {
      return await Promise.race([work, this.#going.then(() => work)]);
    } finally {
      this.#driven -= 1;
    }
  }

  /** Suspends real time until `work` has finished: only `advance` moves the clock meanwhile. */
  async holdDuring<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.isFrozen || this.isPaused) return work();
    this.pause();
    try {
      return await work();
    } finally {
      this.resume();
    }
  }

  /** Whether real time is suspended. */
  get isPaused(): boolean {
    return this.#heldAtMs !== undefined;
  }

  /** Suspends real time until `resume`: only `advance` moves the clock meanwhile. */
  pause(): void {
    if (this.isFrozen || this.isPaused) return;
    this.#heldAtMs = performance.now();
    this.#arm();
  }

  /** Lets real time continue from where the clock is. */
  resume(): void {
    if (!this.isPaused) return;
    this.#offsetMs = this.aheadMs;
    this.#heldAtMs = undefined;
    this.#arm();
  }

  /**
   * Stores in `state` how far it was advanced; real time continues between runs. If the machine's
   * clock was set back between two runs, the time continues from where the last run ended, so that
   * nothing stored is in the future.
   */
  persistIn(state: PersistentState): void {
    state.part(
      "clock",
      () => ({ offsetMs: this.aheadMs, nowMs: this.nowMs() }),
      ({ offsetMs, nowMs }) => {
        this.#offsetMs = offsetMs;
        this.#offsetMs += Math.max(0, nowMs - this.nowMs());
      },
    );
  }

  /** How far it is ahead of the machine's clock, in milliseconds. */
  get aheadMs(): number {
    if (this.#heldAtMs === undefined) return this.#offsetMs;
    return this.#offsetMs + this.#heldAtMs - performance.now();
  }

  /** When the next timer is due, in milliseconds since the epoch. */
  nextDueMs(): number | undefined {
    return this.#next?.atMs;
  }

  /** Cancels every timer, so that nothing keeps the process alive. */
  stop(): void {
    this.#timers = [];
    this.#arm();
  }

  /**
   * Lets the work of a timer proceed: by one turn, or until nothing can proceed on a frozen clock.
   */
  #giveTurn(): Promise<void> {
    if (this.isFrozen) return quietLoop();
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** Clears `#going` in the same turn in which it ends, so that a later `drive` starts it again. */
  async #driveTimers(): Promise<void> {
    const untilMs = this.nowMs() + MAX_DRIVE_MS;
    try {
      for (;;) {
        await quietLoop();
        if (this.#driven === 0) return;
        if (this.nowMs() > untilMs) throw new Error("The work has not finished within an hour.");
        const dueMs = this.nextDueMs();
        // The work waits for something outside, such as a socket.
        if (dueMs === undefined) await wait(OTHERS_WAIT_MS);
        else await this.advance(Math.max(0, dueMs - this.nowMs()));
      }
    } finally {
      this.#going = undefined;
    }
  }

  #runDue(): void {
    const nowMs = this.nowMs();
    for (let due = this.#next; due && due.atMs <= nowMs; due = this.#next) {
      this.#timers.pop();
      this.#noteDue(due);
      due.callback();
    }
    this.#arm();
  }

  /** Timers run in their own turn of the event loop, after the code that set them. */
  #arm(): void {
    clearTimeout(this.#wake);
    clearImmediate(this.#wakeNow);
    const next = this.#next;
    if (!next) return;
    if (this.#frozenAtMs !== undefined) {
      if (next.atMs <= this.nowMs()) this.#wakeNow = setImmediate(() => this.#runDue());
      return;
    }
    const delayMs = Math.min(MAX_TIMEOUT_MS, Math.max(0, next.atMs - this.nowMs()));
    if (this.isPaused && delayMs > 0) return;
    this.#wake = setTimeout(() => this.#runDue(), Math.ceil(delayMs));
  }
}
