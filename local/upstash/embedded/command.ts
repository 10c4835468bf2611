import type { Reply } from "../reply.ts";
import type { Database } from "./database.ts";

/** One Redis command of the embedded engine. */
export interface CommandSpec {
  /** How many words it takes with its name; a negative number is the least. */
  readonly arity: number;
  /** Refused by EVAL_RO and EVALSHA_RO. */
  readonly writes: boolean;
  /** Answers, or throws `CommandFailure`. Changes nothing when it throws. */
  run(database: Database, args: readonly string[], name: string): Reply;
}

/** Commands by their lower-case names. */
export type CommandTable = Readonly<Record<string, CommandSpec>>;

/** A command that only reads. */
export function reads(arity: number, run: CommandSpec["run"]): CommandSpec {
  return { arity, writes: false, run };
}

/** A command that may change the database. */
export function writes(arity: number, run: CommandSpec["run"]): CommandSpec {
  return { arity, writes: true, run };
}

/** Cuts a flat list into pairs; an odd last one has "" for its second. */
export function pairs(items: readonly string[]): [string, string][] {
  return Array.from({ length: Math.ceil(items.length / 2) }, (_, index) => [
    items[2 * index] ?? "",
    items[2 * index + 1] ?? "",
  ]);
}

/** A range of indexes that may count from the end, as one to slice with: from, and up to without. */
export function sliceBounds(start: number, stop: number, length: number): [number, number] {
  const from = Math.max(0, start < 0 ? start + length : start);
  const to = Math.min(length - 1, stop < 0 ? stop + length : stop);
  return from > to ? [0, 0] : [from, to + 1];
}

/** Reads a command's options one word after another. */
export class Options {
  readonly #words: readonly string[];
  #at = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  get done(): boolean {
    return this.#at >= this.#words.length;
  }

  /** The next word in upper case, without taking it; "" at the end. */
  peek(): string {
    return (this.#words[this.#at] ?? "").toUpperCase();
  }

  /** Takes the next word as it is written, or undefined at the end. */
  next(): string | undefined {
    return this.#words[this.#at++];
  }

  /** Takes the next word if it is this one, in any case. */
  take(word: string): boolean {
    const found = !this.done && this.peek() === word;
    if (found) this.#at++;
    return found;
  }

  rest(): readonly string[] {
    return this.#words.slice(this.#at);
  }
}
