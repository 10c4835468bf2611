import { watch } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { SOURCE_FOLDERS } from "./imports.ts";

const SOURCE = /\.(ts|lua)$/;
/** Bad fixtures for the gates, in folders that .gitignore names. */
const WRITTEN_BY_TESTS = /(^|\/)bad-[^/]+\//;
/** Editors write a file in several steps, and several files at once. */
const QUIET_MS = 50;

/** Watches the source files for changes, from its creation on. */
export class SavedFiles {
  #paths = new Set<string>();
  #next = new AbortController();

  constructor() {
    for (const folder of SOURCE_FOLDERS) {
      watch(folder, { recursive: true }, (_event, name) => {
        if (!name || !SOURCE.test(name) || WRITTEN_BY_TESTS.test(name)) return;
        this.#paths.add(`${folder}/${name}`);
        this.#next.abort();
      });
    }
  }

  /** Aborted once there is a file that `take` has not returned yet. */
  get anySaved(): AbortSignal {
    return this.#next.signal;
  }

  /** The files saved since the last call. Waits until there are some, and until saving has paused. */
  async take(): Promise<string[]> {
    const { signal } = this.#next;
    if (!signal.aborted) {
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    }
    for (let known = 0; known < this.#paths.size; ) {
      known = this.#paths.size;
      await setTimeout(QUIET_MS);
    }
    const paths = [...this.#paths].toSorted();
    this.#paths.clear();
    this.#next = new AbortController();
    return paths;
  }
}
