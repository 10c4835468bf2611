import type { LocalClock } from "../../../kit/clock.ts";

/** Constants from backoff.js of Google's client. */
const INITIAL_MS = 1_000;
const GROWTH = 1.5;
const MAX_MS = 60_000;

/** Exponential back-off with ±50% jitter. The first delay is zero. */
export class Backoff {
  readonly #clock: Pick<LocalClock, "sleep">;
  readonly #random: () => number;
  #nextMs = 0;

  constructor(clock: Pick<LocalClock, "sleep">, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Makes the next delay the longest. */
  resetToMax(): void {
    this.#nextMs = MAX_MS;
  }

  async wait(): Promise<void> {
    const baseMs = this.#nextMs;
    this.#nextMs = Math.min(Math.max(baseMs * GROWTH, INITIAL_MS), MAX_MS);
    if (baseMs > 0) await this.#clock.sleep(baseMs + (this.#random() - 0.5) * baseMs);
  }
}
