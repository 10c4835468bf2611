import type { LocalClock } from "../../kit/clock.ts";

// https://dev.twitch.tv/docs/api/guide/#twitch-rate-limits
const BUCKET_POINTS = 800;
const REFILL_MS = 60_000;

/** One bucket of points per token, refilled evenly over a minute; every call costs one point. */
export class RateLimits {
  #clock: LocalClock;
  /** When each token's bucket will be full again. */
  #fullAtMs = new Map<string, number>();

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  /** Takes a point if one is left. Returns the headers of the response in either case. */
  take(token: string): { allowed: boolean; headers: Record<string, string> } {
    const nowMs = this.#clock.nowMs();
    const fullAtMs = Math.max(nowMs, this.#fullAtMs.get(token) ?? nowMs);
    const afterMs = fullAtMs + REFILL_MS / BUCKET_POINTS;
    const allowed = afterMs <= nowMs + REFILL_MS;
    const resetAtMs = allowed ? afterMs : fullAtMs;
    this.#fullAtMs.set(token, resetAtMs);
    const remaining = Math.floor((1 - (resetAtMs - nowMs) / REFILL_MS) * BUCKET_POINTS);
    return {
      allowed,
      headers: {
        "Ratelimit-Limit": String(BUCKET_POINTS),
        "Ratelimit-Remaining": String(remaining),
        "Ratelimit-Reset": String(Math.ceil(resetAtMs / 1000)),
      },
    };
  }
}
