import type { Reply } from "../reply.ts";
import type { Database } from "./database.ts";
import { failures } from "./failure.ts";

/** A Redis command of the embedded engine. */
export interface CommandSpec {
  /** The number of words including the name; negative for a minimum. */
  readonly arity: number;
  /** Whether it writes; a replica remembers the state before it. */
  readonly writes: boolean;
  /** Returns the reply or throws `CommandFailure`. Changes nothing when it throws. */
  run(database: Database, args: readonly string[], name: string): Reply;
}

/** Commands by lower-case name. */
export type CommandTable = Readonly<Record<string, CommandSpec>>;

/** A command that only reads. */
export function reads(arity: number, run: CommandSpec["run"]): CommandSpec {
  return { arity, writes: false, run };
}

/** A command that may change the database. */
export function writes(arity: number, run: CommandSpec["run"]): CommandSpec {
  return { arity, writes: true, run };
}

/** Splits a flat list into pairs; a last item without a partner is paired with "". */
export function pairs(items: readonly string[]): [string, string][] {
  return Array.from({ length: Math.ceil(items.length / 2) }, (_, index) => [
    items[2 * index] ?? "",
    items[2 * index + 1] ?? "",
  ]);
}

/** Converts a range of indexes, negative ones counting from the end, to arguments of `slice`. */
export function sliceBounds(start: number, stop: number, length: number): [number, number] {
  const from = Math.max(0, start < 0 ? start + length : start);
  const to = Math.min(length - 1, stop < 0 ? stop + length : stop);
  return from > to ? [0, 0] : [from, to + 1];
}

/** Parses a command's options word by word. */
export class Options {
  readonly #words: readonly string[];
  #at = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  get done(): boolean {
    return this.#at >= this.#words.length;
  }

  /** The next word in upper case, without consuming it; "" at the end. */
  peek(): string {
    return (this.#words[this.#at] ?? "").toUpperCase();
  }

  /** Consumes the next word unchanged; undefined at the end. */
  next(): string | undefined {
    return this.#words[this.#at++];
  }

  /** Consumes the next word if it is this one, in any case. */
  take(word: string): boolean {
    const found = !this.done && this.peek() === word;
    if (found) this.#at++;
    return found;
  }

  /** Consumes the next word, an option's value. Throws Redis's error at the end. */
  value(): string {
    const word = this.next();
    if (word === undefined) throw failures.syntax();
    return word;
  }
}
