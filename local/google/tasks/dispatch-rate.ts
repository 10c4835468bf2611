/** The share of one second's dispatches that may run at once. */
const BURST_SHARE = 0.2;

/** An overloaded worker slows its queue down by at most this factor. */
const MAX_SLOWDOWN = 64;

/**
 * A token bucket that limits a queue's dispatches. A worker that answers 429 or 503 halves the rate
 * of its whole queue; each success doubles it again, up to the configured rate.
 * https://cloud.google.com/tasks/docs/common-pitfalls
 */
export class DispatchRate {
  #maxPerSecond: number;
  #perSecond: number;
  #tokens: number;
  #filledAtMs: number;

  constructor(maxPerSecond: number, nowMs: number) {
    this.#maxPerSecond = maxPerSecond;
    this.#perSecond = maxPerSecond;
    this.#tokens = this.#capacity;
    this.#filledAtMs = nowMs;
  }

  /** Takes a token for one dispatch. Returns 0, or the milliseconds to wait before trying again. */
  take(nowMs: number): number {
    const earned = ((nowMs - this.#filledAtMs) / 1000) * this.#perSecond;
    this.#tokens = Math.min(this.#capacity, this.#tokens + earned);
    this.#filledAtMs = nowMs;
    if (this.#tokens < 1) return Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1000);
    this.#tokens -= 1;
    return 0;
  }

  slowDown(): void {
    this.#perSecond = Math.max(this.#maxPerSecond / MAX_SLOWDOWN, this.#perSecond / 2);
    this.#tokens = Math.min(this.#tokens, this.#capacity);
  }

  recover(): void {
    this.#perSecond = Math.min(this.#maxPerSecond, this.#perSecond * 2);
  }

  get #capacity(): number {
    return Math.max(1, Math.ceil(this.#perSecond * BURST_SHARE));
  }
}
