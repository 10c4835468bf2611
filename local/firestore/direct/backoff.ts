import type { LocalClock } from "../../kit/clock.ts";

/** How the generated part of Google's client repeats a call: firestore_client_config.json. */
export const RETRY = {
  initialMs: 100,
  growth: 1.3,
  maxMs: 60_000,
  totalMs: 600_000,
} as const;

/** How the other part waits: backoff.js. */
const INITIAL_MS = 1_000;
const GROWTH = 1.5;
const MAX_MS = 60_000;

/** Waits that grow, the first of no time at all, each longer or shorter by up to half. */
export class Backoff {
  readonly #clock: Pick<LocalClock, "sleep">;
  readonly #random: () => number;
  #nextMs = 0;

  constructor(clock: Pick<LocalClock, "sleep">, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Makes the next wait the longest. */
  resetToMax(): void {
    this.#nextMs = MAX_MS;
  }

  async wait(): Promise<void> {
    const baseMs = this.#nextMs;
    this.#nextMs = Math.min(Math.max(baseMs * GROWTH, INITIAL_MS), MAX_MS);
    if (baseMs > 0) await this.#clock.sleep(baseMs + (this.#random() - 0.5) * baseMs);
  }
}
