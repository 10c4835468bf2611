import { snowflakeTimeMs } from "../../../shared/discord/snowflake.ts";
import type { Clock } from "../../../shared/runtime/clock.ts";

/** An interaction's time outside these limits is ignored. */
const MAX_AHEAD_MS = 10_000;
const MAX_BEHIND_MS = 60_000;
const WINDOW_MS = 60_000;

/**
 * Measures how long interactions have waited before this instance handled them. Discord counts its three seconds from
 * the time in an interaction's id, so an overloaded instance would start counting too late. Because the clocks differ,
 * the shortest delay of the last one to two minutes counts as zero.
 */
export function createArrivals(clock: Clock) {
  let window = 0;
  let least = Number.POSITIVE_INFINITY;
  let leastBefore = Number.POSITIVE_INFINITY;
  return {
    /** How long an interaction has waited, in milliseconds. */
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
