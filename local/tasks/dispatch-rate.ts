/** The share of a second's dispatches that may go at once. */
const BURST_SHARE = 0.2;

/** How many times slower than its own rate an overloaded worker makes a queue at the most. */
const MAX_SLOWDOWN = 64;

/**
 * A token bucket that says when a queue may dispatch. A worker that answers 429 or 503 halves the
 * rate of its whole queue; each success doubles it again, up to the queue's own.
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

  /** Takes leave for one dispatch: 0 when it may go now, else the milliseconds to wait and ask again. */
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
