/**
 * A stream entry: its id as one number (milliseconds, then 64 bits of sequence), fields and values.
 */
export interface StreamEntry {
  readonly id: bigint;
  readonly fields: readonly string[];
}

const SEQUENCE_BITS = 64n;

/** The maximum sequence number and the maximum millisecond of an id. */
export const MAX_ID_PART = 2n ** SEQUENCE_BITS - 1n;

export function streamId(ms: bigint, sequence: bigint): bigint {
  return (ms << SEQUENCE_BITS) | sequence;
}

/** An id's milliseconds and sequence. */
function idParts(id: bigint): { ms: bigint; sequence: bigint } {
  return { ms: id >> SEQUENCE_BITS, sequence: id & MAX_ID_PART };
}

export function formatId(id: bigint): string {
  const { ms, sequence } = idParts(id);
  return `${ms}-${sequence}`;
}

/** Entries by id. An id is never reused. */
export class Stream {
  readonly #entries: StreamEntry[] = [];
  lastId = 0n;

  get length(): number {
    return this.#entries.length;
  }

  /** Appends an entry, whose id must be higher than `lastId`. */
  append(entry: StreamEntry): void {
    this.#entries.push(entry);
    this.lastId = entry.id;
  }

  all(): readonly StreamEntry[] {
    return this.#entries;
  }

  /** Deletes an entry; false if there is none with this id. */
  delete(id: bigint): boolean {
    const at = this.#countBelow(id);
    if (this.#entries[at]?.id !== id) return false;
    this.#entries.splice(at, 1);
    return true;
  }

  /** The entries between two ids, both inclusive. */
  range(from: bigint, to: bigint): StreamEntry[] {
    return this.#entries.slice(this.#countBelow(from), this.#countBelow(to + 1n));
  }

  #countBelow(id: bigint): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.id ?? id) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
