import type { LocalClock } from "../../kit/clock.ts";
import type { Command } from "../engine.ts";
import CATCH_UP from "./catch-up.lua";

/**
 * Makes the keys of a redis-server, which follows real time, expire by the local clock: whenever
 * the local clock has been advanced, the remaining time of all keys is reduced by as much.
 */
export class LocalExpiry {
  readonly #clock: LocalClock;
  #aheadMs: number;

  constructor(clock: LocalClock) {
    this.#clock = clock;
    this.#aheadMs = this.#measure();
  }

  /**
   * The commands that Redis must run before any other; none if the local clock was not advanced.
   */
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
