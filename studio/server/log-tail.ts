/** A log line of a function, as it wrote it. */
export interface LogLine {
  readonly sequence: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** How many lines are held: an hour of a busy stream. */
const MOST_LINES = 20_000;

/** The functions' latest log lines. */
export class LogTail {
  #lines: LogLine[] = [];
  #sequence = 0;

  /** The number of the newest line. */
  get newest(): number {
    return this.#sequence;
  }

  /** Adds a line, which must be a JSON object. */
  add(line: string): void {
    this.#sequence += 1;
    this.#lines.push({ sequence: this.#sequence, fields: JSON.parse(line) });
    if (this.#lines.length > 2 * MOST_LINES) this.#lines = this.#lines.slice(-MOST_LINES);
  }

  /** The held lines after the given one, oldest first. */
  after(sequence: number): readonly LogLine[] {
    const first = this.#lines[0]?.sequence ?? 0;
    return this.#lines.slice(Math.max(0, sequence + 1 - first));
  }
}
