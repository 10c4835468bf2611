import type { LocalClock } from "./clock.ts";
import type { Describe } from "./due.ts";

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

  /** Runs `callback` later; `describe` lists it among the clock's upcoming things. */
  after(delayMs: number, callback: () => void, describe?: Describe): Timer {
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
    const cancelTimer = this.#clock.after(delayMs, timer.run, describe);
    this.#pending.add(timer);
    return timer;
  }

  stop(): void {
    for (const timer of this.#pending) timer.cancel();
  }
}
