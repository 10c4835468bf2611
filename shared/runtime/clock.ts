/** Where all code takes the time from. */
export interface Clock {
  now(): Date;
  /** Resolves after `delayMs`. */
  sleep(delayMs: number): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  // biome-ignore lint/plugin: this is the clock that everything else is told to use
  now: () => new Date(),
  sleep: (delayMs) => new Promise((resolve) => setTimeout(resolve, delayMs)),
};
