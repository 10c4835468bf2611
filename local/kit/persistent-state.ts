import { deserialize, serialize } from "node:v8";

/** Raised where what the parts keep changes its shape: older state is then refused, not misread. */
const FORMAT = 2;

interface Saved {
  readonly format: number;
  readonly parts: Readonly<Record<string, unknown>>;
}

/** A map of any keys and values, to be filled. */
interface KeptMap extends Iterable<readonly [unknown, unknown]> {
  set(key: unknown, value: unknown): unknown;
}

/** What was saved is of another version of the local cloud. */
export class StateFormatError extends Error {
  override name = "StateFormatError";
}

/**
 * The state of all services that outlives the process, as of one moment. Each service registers its
 * parts, and gets back at once what an earlier run left of them; `snapshot` reads all of them within one
 * turn of the event loop, so that no service is ahead of another. What was under way goes on at `resume`,
 * once everything listens again. Parts are plain data: maps, sets, dates, buffers, no functions.
 */
export class PersistentState {
  #saved: Readonly<Record<string, unknown>>;
  #parts = new Map<string, () => unknown>();
  #resumptions: (() => void)[] = [];
  /** Whether an earlier run has left anything. */
  readonly isRestored: boolean;

  /** Throws StateFormatError for bytes that no run of this version wrote. */
  constructor(bytes?: Buffer) {
    const saved = bytes === undefined ? undefined : read(bytes);
    this.isRestored = saved !== undefined;
    this.#saved = saved?.parts ?? {};
  }

  /** Registers a part: `write` is given what was saved of it, `read` gives what is to be saved. */
  part<T>(name: string, read: () => T, write: (saved: T) => void): void {
    if (this.#parts.has(name)) throw new Error(`There are two parts ${name}.`);
    this.#parts.set(name, read);
    if (name in this.#saved) write(this.#saved[name] as T);
  }

  /** Registers maps, under their names after the prefix. */
  maps(prefix: string, maps: Readonly<Record<string, KeptMap>>): void {
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

  /** Something to go on with once all services listen; done at once by `resume`. */
  onResume(goOn: () => void): void {
    this.#resumptions.push(goOn);
  }

  resume(): void {
    for (const goOn of this.#resumptions.splice(0)) goOn();
  }

  /** Every part as it is now. What two parts share is shared again when it is read. */
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
