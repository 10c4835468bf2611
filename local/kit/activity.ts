/** Counts what is under way, so that a caller can wait for the moment when nothing is. */
export class Activity {
  #count = 0;
  #waiting: (() => void)[] = [];

  get idle(): boolean {
    return this.#count === 0;
  }

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Resolves at once when nothing is under way, else when the last of it ends. */
  whenIdle(): Promise<void> {
    return this.idle ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }
}
