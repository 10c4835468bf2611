import type { Describe } from "./due.ts";
import type { Fault } from "./faults.ts";
import type { Timer, Timers } from "./timers.ts";

/** How long a reordered delivery waits for another to overtake it. */
const OVERTAKING_WAIT_MS = 1_000;

/** Holds back deliveries that a fault delays or reorders. */
export class Postponer {
  #timers: Timers;
  #overtaken: Timer[] = [];

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** The timer that will `resume` the delivery; undefined if the fault does not postpone it. */
  postpone(fault: Fault | undefined, resume: () => void, describe?: Describe): Timer | undefined {
    if (fault?.kind === "delay") return this.#timers.after(fault.ms, resume, describe);
    if (fault?.kind !== "reorder") return undefined;
    const timer = this.#timers.after(OVERTAKING_WAIT_MS, resume);
    this.#overtaken.push(timer);
    return timer;
  }

  /** A delivery was made: the deliveries that waited for it resume. */
  overtake(): void {
    for (const timer of this.#overtaken.splice(0)) timer.run();
  }
}
