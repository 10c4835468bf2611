import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { crc32 } from "node:zlib";

/** The file with the local cloud's state; it always contains one complete snapshot. */
export class StateFile {
  #path: string;
  #written: number | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** The last snapshot; undefined if there is none. */
  read(): Buffer | undefined {
    return existsSync(this.#path) ? readFileSync(this.#path) : undefined;
  }

  /**
   * Replaces the file atomically, so that a process killed meanwhile leaves the previous snapshot.
   */
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
