import type { Fault } from "./faults.ts";
import type { Timer, Timers } from "./timers.ts";

/** How long a delivery waits for a later one to overtake it, when none comes. */
const OVERTAKING_WAIT_MS = 1_000;

/** Holds back the deliveries that a fault delays or takes out of their order. */
export class Postponer {
  #timers: Timers;
  #overtaken: Timer[] = [];

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** The timer that will `resume` the delivery, when the fault is one that postpones it. */
  postpone(fault: Fault | undefined, resume: () => void): Timer | undefined {
    if (fault?.kind === "delay") return this.#timers.after(fault.ms, resume);
    if (fault?.kind !== "reorder") return undefined;
    const timer = this.#timers.after(OVERTAKING_WAIT_MS, resume);
    this.#overtaken.push(timer);
    return timer;
  }

  /** A delivery has been made: those it was to overtake go on. */
  overtake(): void {
    for (const timer of this.#overtaken.splice(0)) timer.run();
  }
}
