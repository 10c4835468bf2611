import { createHash, type Hash } from "node:crypto";

/** In characters. */
const MAX_PENDING = 65_536;

/** An event at its virtual time. */
export interface TraceLine {
  readonly atMs: number;
  readonly what: string;
}

/**
 * Everything that happens in a run, in order: calls, deliveries, answers, choices, actions. Two
 * runs of one seed have the same lines; comparing their digests shows whether they do.
 */
export class Trace {
  readonly lines: TraceLine[] = [];
  #digest: Hash = createHash("sha256");
  /** Lines that the digest still lacks: a call for each line would take longer than hashing it. */
  #pending = "";
  #now: () => number;
  #storesLines: boolean;

  /** Without `storesLines` only the digest and the number of lines are stored. */
  constructor(now: () => number, storesLines: boolean) {
    this.#now = now;
    this.#storesLines = storesLines;
  }

  count = 0;

  add(what: string): void {
    const atMs = this.#now();
    this.count += 1;
    this.#pending += `${atMs} ${what}\n`;
    if (this.#pending.length > MAX_PENDING) this.#hashPending();
    if (this.#storesLines) this.lines.push({ atMs, what });
  }

  /** The digest of all lines so far, in hexadecimal. */
  get digest(): string {
    this.#hashPending();
    return this.#digest.copy().digest("hex");
  }

  #hashPending(): void {
    this.#digest.update(this.#pending);
    this.#pending = "";
  }
}
