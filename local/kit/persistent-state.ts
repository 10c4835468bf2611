import { deserialize, serialize } from "node:v8";

/**
 * Raised when the format of a stored part changes: older state is then refused instead of misread.
 */
const FORMAT = 5;

interface Saved {
  readonly format: number;
  readonly parts: Readonly<Record<string, unknown>>;
}

/** A map with any keys and values. */
interface PersistentMap extends Iterable<readonly [unknown, unknown]> {
  set(key: unknown, value: unknown): unknown;
}

/** The stored state is from another version of the local cloud. */
export class StateFormatError extends Error {
  override name = "StateFormatError";
}

/**
 * The state of all services that outlives the process. Each service registers its parts and
 * immediately receives what an earlier run stored. `snapshot` reads all parts in one turn of the
 * event loop, so that they are consistent. Interrupted work continues on `resume`, once all
 * services listen again. Parts are plain data: maps, sets, dates and buffers, no functions.
 */
export class PersistentState {
  #saved: Readonly<Record<string, unknown>>;
  #parts = new Map<string, () => unknown>();
  #resumptions: (() => void)[] = [];
  /** Whether an earlier run stored any state. */
  readonly isRestored: boolean;

  /** Throws StateFormatError for bytes that this version did not write. */
  constructor(bytes?: Buffer) {
    const saved = bytes === undefined ? undefined : read(bytes);
    this.isRestored = saved !== undefined;
    this.#saved = saved?.parts ?? {};
  }

  /** Registers a part: `write` receives what was stored, `read` returns what to store. */
  part<T>(name: string, read: () => T, write: (saved: T) => void): void {
    if (this.#parts.has(name)) throw new Error(`The part ${name} is already registered.`);
    this.#parts.set(name, read);
    if (name in this.#saved) write(this.#saved[name] as T);
  }

  /** Registers maps under their names after the prefix. */
  maps(prefix: string, maps: Readonly<Record<string, PersistentMap>>): void {
    for (const [name, map] of Object.entries(maps)) {
      this.part(
        `${prefix}.${name}`,
        () => map,
        (saved) => {
          for (const [key, value] of saved) map.set(key, value);
        },
      );
    }
  }

  /** Registers a list, which is filled in place. */
  list<T>(name: string, list: T[]): void {
    this.part(
      name,
      () => list,
      (saved) => {
        for (const each of saved) list.push(each);
      },
    );
  }

  /** Registers work to continue once all services listen; `resume` starts it immediately. */
  onResume(resume: () => void): void {
    this.#resumptions.push(resume);
  }

  resume(): void {
    for (const resume of this.#resumptions.splice(0)) resume();
  }

  /**
   * All parts in their current state. Objects that two parts share are still shared after reading.
   */
  snapshot(): Buffer {
    const parts = Object.fromEntries(
      [...this.#parts].map(([name, readPart]) => [name, readPart()]),
    );
    return serialize({ format: FORMAT, parts } satisfies Saved);
  }
}

function read(bytes: Buffer): Saved {
  let saved: Partial<Saved> | undefined;
  try {
    saved = deserialize(bytes);
  } catch (error) {
    throw new StateFormatError("The state can't be read.", { cause: error });
  }
  if (saved?.format === FORMAT && saved.parts) return saved as Saved;
  throw new StateFormatError("The state is of another version.");
}
