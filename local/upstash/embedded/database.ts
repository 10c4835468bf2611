import type { PersistentState } from "../../kit/persistent-state.ts";
import { failures } from "./failure.ts";
import { type ScoredMember, SortedSet } from "./sorted-set.ts";
import { Stream, type StreamEntry } from "./stream.ts";

/** The representation of each Redis type. */
export interface Values {
  string: string;
  hash: Map<string, string>;
  zset: SortedSet;
  stream: Stream;
}

export type TypeName = keyof Values;

const EMPTY: { [Type in Exclude<TypeName, "string">]: () => Values[Type] } = {
  hash: () => new Map(),
  zset: () => new SortedSet(),
  stream: () => new Stream(),
};

interface Entry {
  readonly type: TypeName;
  readonly value: Values[TypeName];
  /** Increases with every new key; SCAN's cursor. */
  readonly born: number;
  expiresAtMs: number | undefined;
}

/** A key with its value as plain data. */
export interface SavedEntry extends Omit<Entry, "value"> {
  readonly key: string;
  readonly value: unknown;
}

/** A Redis database: keys with types and expiry, by the given clock. */
export class Database {
  readonly #clock: () => number;
  readonly #entries = new Map<string, Entry>();
  #born = 0;
  #frozenAtMs: number | undefined;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Whole milliseconds since the epoch; constant while a script or transaction runs. */
  nowMs(): number {
    return this.#frozenAtMs ?? Math.floor(this.#clock());
  }

  /** Runs `work` at a constant time, so that no key expires in the middle of it. */
  atOneMoment<Result>(work: () => Result): Result {
    const before = this.#frozenAtMs;
    this.#frozenAtMs = this.nowMs();
    try {
      return work();
    } finally {
      this.#frozenAtMs = before;
    }
  }

  typeOf(key: string): TypeName | undefined {
    return this.#live(key)?.type;
  }

  has(key: string): boolean {
    return this.#live(key) !== undefined;
  }

  /** The value of a key, or undefined. Throws WRONGTYPE when it has another type. */
  get<Type extends TypeName>(key: string, type: Type): Values[Type] | undefined {
    const entry = this.#live(key);
    if (!entry) return undefined;
    if (entry.type !== type) throw failures.wrongType();
    return entry.value as Values[Type];
  }

  /** The collection of a key; creates an empty one if there is none. */
  getOrCreate<Type extends keyof typeof EMPTY>(key: string, type: Type): Values[Type] {
    const found = this.get(key, type);
    if (found !== undefined) return found;
    const value = EMPTY[type]();
    this.put(key, type, value);
    return value;
  }

  /** Sets a key's value whatever it was; the expiry is cleared unless it is to be kept. */
  put<Type extends TypeName>(
    key: string,
    type: Type,
    value: Values[Type],
    expiry: "forget" | "keep" = "forget",
  ): void {
    const before = this.#live(key);
    const expiresAtMs = expiry === "keep" ? before?.expiresAtMs : undefined;
    const born = before?.born ?? ++this.#born;
    this.#entries.set(key, { type, value, born, expiresAtMs });
  }

  delete(key: string): boolean {
    return this.has(key) && this.#entries.delete(key);
  }

  /** Deletes a key whose collection has become empty, as Redis does. */
  dropIfEmpty(key: string): void {
    const value = this.#entries.get(key)?.value;
    if (value === undefined || typeof value === "string" || value instanceof Stream) return;
    if (value.size === 0) this.#entries.delete(key);
  }

  expiresAtMs(key: string): number | undefined {
    return this.#live(key)?.expiresAtMs;
  }

  /** Sets or clears a key's expiry. A time in the past deletes the key. */
  expireAt(key: string, atMs: number | undefined): void {
    const entry = this.#live(key);
    if (!entry) return;
    entry.expiresAtMs = atMs;
    if (atMs !== undefined && atMs <= this.nowMs()) this.#entries.delete(key);
  }

  /** Every key, oldest first, with its number for SCAN's cursor. */
  keys(): { key: string; born: number }[] {
    const keys: { key: string; born: number }[] = [];
    for (const key of [...this.#entries.keys()]) {
      const entry = this.#live(key);
      if (entry) keys.push({ key, born: entry.born });
    }
    return keys.sort((left, right) => left.born - right.born);
  }

  /** Stores every key with its value in `state` and restores those of an earlier run. */
  persistIn(state: PersistentState): void {
    state.part(
      "redis",
      () => [...this.#entries].map(([key, entry]) => ({ ...entry, key, value: plainOf(entry) })),
      (saved) => {
        for (const { key, value, ...entry } of saved) {
          this.#entries.set(key, { ...entry, value: valueFrom(entry.type, value) });
          this.#born = Math.max(this.#born, entry.born);
        }
      },
    );
  }

  clear(): void {
    this.#entries.clear();
  }

  /** A copy of the current state, for `restore`. */
  copy(): SavedEntry[] {
    return [...this.#entries].map(([key, entry]) => ({ ...entry, key, value: copyOf(entry) }));
  }

  /** Restores the keys selected by `isSelected`; the others stay unchanged. */
  restore(saved: readonly SavedEntry[], isSelected: (key: string) => boolean): void {
    for (const key of [...this.#entries.keys()].filter(isSelected)) this.#entries.delete(key);
    for (const { key, value, ...entry } of saved) {
      if (!isSelected(key)) continue;
      this.#entries.set(key, { ...entry, value: valueFrom(entry.type, value) });
    }
  }

  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry?.expiresAtMs === undefined || this.nowMs() <= entry.expiresAtMs) return entry;
    this.#entries.delete(key);
    return undefined;
  }
}

/** A value as plain data; sorted sets and streams become lists of their members. */
function plainOf({ value }: Entry): unknown {
  if (value instanceof SortedSet) return value.slice(0, value.size);
  if (value instanceof Stream) return { entries: value.all(), lastId: value.lastId };
  return value;
}

/**
 * A copy of the value that later changes do not affect; members are only ever replaced, so they are
 * shared.
 */
function copyOf(entry: Entry): unknown {
  const { value } = entry;
  if (value instanceof Map) return new Map(value);
  if (value instanceof Stream) return { entries: [...value.all()], lastId: value.lastId };
  return plainOf(entry);
}

function valueFrom(type: TypeName, plain: unknown): Values[TypeName] {
  if (type === "zset") {
    const set = new SortedSet();
    for (const { member, score } of plain as ScoredMember[]) set.set(member, score);
    return set;
  }
  if (type !== "stream") return plain as Values[TypeName];
  const { entries, lastId } = plain as { entries: StreamEntry[]; lastId: bigint };
  const stream = new Stream();
  for (const entry of entries) stream.append(entry);
  stream.lastId = lastId;
  return stream;
}
