import type { LocalClock } from "../../kit/clock.ts";

/** How long readers hold back when nothing moves. */
const PATIENCE_MS = 100;

/** Readers that hold back from one key, in the order they came. */
interface Queue {
  readonly waiting: (() => void)[];
  stopTimer: () => void;
}

/**
 * Lets transactions that read the same thing begin one after the other for as long as each ends
 * soon. Sharing their locks would be as correct, but of thirty that read and then write one counter
 * at most one could commit. When nothing has moved for a while all are let in to share.
 */
export class Turnstile {
  #clock: LocalClock;
  #queues = new Map<string, Queue>();

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  /** Whether somebody holds back from the key already, so that whoever comes has to line up. */
  hasQueue(key: string): boolean {
    return this.#queues.has(key);
  }

  /** Resolves when it is the caller's turn; `enter` is called at that very moment. */
  async pass(key: string, enter: () => void): Promise<void> {
    await new Promise<void>((resolve) => {
      const queue = this.#queues.get(key) ?? this.#open(key);
      queue.waiting.push(() => {
        enter();
        resolve();
      });
    });
  }

  /** Lets in those whose turn it is, now that the key is held by fewer. */
  advance(key: string, isBusy: () => boolean): void {
    const queue = this.#queues.get(key);
    if (queue === undefined) return;
    while (queue.waiting.length > 0 && !isBusy()) queue.waiting.shift()?.();
    queue.stopTimer();
    if (queue.waiting.length === 0) this.#queues.delete(key);
    else queue.stopTimer = this.#letAllInLater(key);
  }

  /** Lets everybody in. */
  close(): void {
    for (const key of [...this.#queues.keys()]) this.#letAllIn(key);
  }

  #open(key: string): Queue {
    const queue = { waiting: [], stopTimer: this.#letAllInLater(key) };
    this.#queues.set(key, queue);
    return queue;
  }

  #letAllInLater(key: string): () => void {
    return this.#clock.after(PATIENCE_MS, () => this.#letAllIn(key));
  }

  #letAllIn(key: string): void {
    const queue = this.#queues.get(key);
    this.#queues.delete(key);
    queue?.stopTimer();
    for (const enter of queue?.waiting ?? []) enter();
  }
}
