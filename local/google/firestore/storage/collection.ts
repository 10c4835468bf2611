import type { TextLookup } from "../query/text-lookup.ts";
import type { StoredDocument } from "../types.ts";
import type { Micros } from "./micros.ts";
import { TextIndex } from "./text-index.ts";

/** A document's earlier state, if it existed, until the commit that replaced it. */
interface PastVersion {
  readonly untilMicros: Micros;
  readonly document: StoredDocument | undefined;
}

/** The documents of one collection: their current and recent versions. */
export class Collection {
  /** The full name of the collection. */
  readonly name: string;
  readonly id: string;
  #current = new Map<string, StoredDocument>();
  #past = new Map<string, PastVersion[]>();
  /** By field: only of those that were looked up. */
  #indexes = new Map<string, TextIndex>();

  constructor(name: string) {
    this.name = name;
    this.id = name.slice(name.lastIndexOf("/") + 1);
  }

  /** Whether it has neither documents nor past versions. */
  get isEmpty(): boolean {
    return this.#current.size === 0 && this.#past.size === 0;
  }

  /** How many documents it has now. */
  get size(): number {
    return this.#current.size;
  }

  /** A document at a read time; its current version by default. */
  get(documentName: string, atMicros?: Micros): StoredDocument | undefined {
    const past =
      atMicros === undefined
        ? undefined
        : this.#past.get(documentName)?.find((version) => version.untilMicros > atMicros);
    return past === undefined ? this.#current.get(documentName) : past.document;
  }

  /** All documents at a read time, in no particular order; their current versions by default. */
  *documents(atMicros?: Micros): Generator<StoredDocument> {
    if (atMicros === undefined || this.#past.size === 0) {
      yield* this.#current.values();
      return;
    }
    for (const name of new Set([...this.#current.keys(), ...this.#past.keys()])) {
      const document = this.get(name, atMicros);
      if (document !== undefined) yield document;
    }
  }

  /** The current documents with one of the texts in a field, in no particular order. */
  withText({ field, texts }: TextLookup): StoredDocument[] {
    const index = this.#indexes.get(field) ?? new TextIndex(field, this.#current.values());
    this.#indexes.set(field, index);
    return index.find(texts);
  }

  /** Whether any document existed at a read time; now by default. */
  hasDocuments(atMicros?: Micros): boolean {
    return !this.documents(atMicros).next().done;
  }

  /** Replaces a document's version and stores the previous one. */
  replace(documentName: string, after: StoredDocument | undefined, atMicros: Micros): void {
    const past = this.#past.get(documentName) ?? [];
    past.push({ untilMicros: atMicros, document: this.#current.get(documentName) });
    this.#past.set(documentName, past);
    this.restore(documentName, after);
  }

  /** Replaces a document without storing a past version. */
  restore(documentName: string, after: StoredDocument | undefined): void {
    const before = this.#current.get(documentName);
    for (const index of this.#indexes.values()) {
      if (before !== undefined) index.remove(before);
      if (after !== undefined) index.add(after);
    }
    if (after === undefined) this.#current.delete(documentName);
    else this.#current.set(documentName, after);
  }

  /** Deletes a document's oldest stored version. */
  forgetOldest(documentName: string): void {
    const past = this.#past.get(documentName);
    past?.shift();
    if (past?.length === 0) this.#past.delete(documentName);
  }
}
