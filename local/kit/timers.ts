import type { LocalClock } from "./clock.ts";

/** A scheduled action. */
export interface Timer {
  /** Runs it now, unless it has run or was cancelled. */
  readonly run: () => void;
  readonly cancel: () => void;
}

/** Timers on the local clock that can be cancelled together. */
export class Timers {
  #clock: LocalClock;
  #pending = new Set<Timer>();

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  after(delayMs: number, callback: () => void): Timer {
    const timer: Timer = {
      run: () => {
        if (!this.#pending.has(timer)) return;
        timer.cancel();
        callback();
      },
      cancel: () => {
        this.#pending.delete(timer);
        cancelTimer();
      },
    };
    const cancelTimer = this.#clock.after(delayMs, timer.run);
    this.#pending.add(timer);
    return timer;
  }

  stop(): void {
    for (const timer of this.#pending) timer.cancel();
  }
}
