import type { LocalClock } from "../../kit/clock.ts";
import type { PersistentState } from "../../kit/persistent-state.ts";

// https://discord.com/developers/docs/reference#snowflakes
const EPOCH_MS = 1_420_070_400_000;
const TIME_SHIFT = 22n;

/** Generates unique ids as Discord does; each contains its creation time. */
export class Snowflakes {
  #clock: LocalClock;
  #last = 0n;

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  persistIn(state: PersistentState): void {
    state.part(
      "discord.snowflakes",
      () => this.#last,
      (last) => {
        this.#last = last;
      },
    );
  }

  next(): string {
    const now = BigInt(Math.floor(this.#clock.nowMs()) - EPOCH_MS) << TIME_SHIFT;
    this.#last = now > this.#last ? now : this.#last + 1n;
    return this.#last.toString();
  }
}

/** Whether a snowflake was created after another. */
export function isLater(id: string, other: string): boolean {
  return BigInt(id) > BigInt(other);
}
