/** The only source of time for all code. */
export interface Clock {
  now(): Date;
  /** Resolves after `delayMs`. */
  sleep(delayMs: number): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  // biome-ignore lint/plugin: this is the clock that everything else uses
  now: () => new Date(),
  sleep: (delayMs) => new Promise((resolve) => setTimeout(resolve, delayMs)),
};
