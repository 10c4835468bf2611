import type { LocalClock } from "./clock.ts";

/** Something that will be done later. */
export interface Timer {
  /** Does it now, unless it has been done or called off. */
  readonly run: () => void;
  readonly cancel: () => void;
}

/** Timers on the local clock that can be called off together. */
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
        takeBack();
      },
    };
    const takeBack = this.#clock.after(delayMs, timer.run);
    this.#pending.add(timer);
    return timer;
  }

  stop(): void {
    for (const timer of this.#pending) timer.cancel();
  }
}
