import type { LocalClock } from "../../kit/clock.ts";
import type { Command } from "../engine.ts";
import CATCH_UP from "./catch-up.lua";

/**
 * Lets the keys of a redis-server, which keeps real time, expire by the local clock: whenever this has moved by
 * itself, all keys have so much less time left.
 */
export class LocalExpiry {
  readonly #clock: LocalClock;
  #aheadMs: number;

  constructor(clock: LocalClock) {
    this.#clock = clock;
    this.#aheadMs = this.#measure();
  }

  /** What Redis has to run before anything else is asked of it; nothing where time went on as everywhere. */
  catchUp(): readonly Command[] {
    const aheadMs = this.#measure();
    const movedMs = aheadMs - this.#aheadMs;
    if (movedMs === 0) return [];
    this.#aheadMs = aheadMs;
    return [["EVAL", CATCH_UP, "0", String(movedMs)]];
  }

  #measure(): number {
    return Math.round(this.#clock.nowMs() - performance.timeOrigin - performance.now());
  }
}
