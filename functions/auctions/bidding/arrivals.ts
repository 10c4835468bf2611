import { snowflakeTimeMs } from "../../../shared/discord/snowflake.ts";
import type { Clock } from "../../../shared/runtime/clock.ts";

/** Farther off than this an interaction's time is no measure of anything. */
const MAX_AHEAD_MS = 10_000;
const MAX_BEHIND_MS = 60_000;
const WINDOW_MS = 60_000;

/**
 * How long interactions have waited before this instance came to them: Discord counts its three seconds from
 * when it made their ids, and an instance that has more to do than it can take would begin to count when it is
 * too late. The clocks differ, so what the quickest of the last minute or two took counts as none.
 */
export function createArrivals(clock: Clock) {
  let window = 0;
  let least = Number.POSITIVE_INFINITY;
  let leastBefore = Number.POSITIVE_INFINITY;
  return {
    /** Milliseconds that an interaction has waited. */
    waitedMs(interactionId: string): number {
      const nowMs = clock.now().getTime();
      const behindMs = nowMs - snowflakeTimeMs(interactionId);
      if (behindMs < -MAX_AHEAD_MS || behindMs > MAX_BEHIND_MS) return 0;
      const current = Math.floor(nowMs / WINDOW_MS);
      if (current !== window) {
        leastBefore = current === window + 1 ? least : Number.POSITIVE_INFINITY;
        least = Number.POSITIVE_INFINITY;
        window = current;
      }
      least = Math.min(least, behindMs);
      return behindMs - Math.min(least, leastBefore);
    },
  };
}
