import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { crc32 } from "node:zlib";

/** The file in which the local cloud's state outlives the process: always one whole snapshot. */
export class StateFile {
  #path: string;
  #written: number | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** What was written last; undefined where there is nothing. */
  read(): Buffer | undefined {
    return existsSync(this.#path) ? readFileSync(this.#path) : undefined;
  }

  /** Replaces the file at once, so that a process that is killed meanwhile leaves the one before. */
  write(snapshot: Buffer): void {
    const sum = crc32(snapshot);
    if (sum === this.#written) return;
    const next = `${this.#path}.new`;
    writeFileSync(next, snapshot);
    renameSync(next, this.#path);
    this.#written = sum;
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }
}
