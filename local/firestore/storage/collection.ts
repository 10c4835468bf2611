import type { StoredDocument } from "../types.ts";
import type { Micros } from "./micros.ts";

/** What a document was, if it existed, until a commit replaced it. */
interface PastVersion {
  readonly untilMicros: Micros;
  readonly document: StoredDocument | undefined;
}

/** The documents of one collection: as they are now, and as they were at recent moments. */
export class Collection {
  /** The full name of the collection. */
  readonly name: string;
  readonly id: string;
  #current = new Map<string, StoredDocument>();
  #past = new Map<string, PastVersion[]>();

  constructor(name: string) {
    this.name = name;
    this.id = name.slice(name.lastIndexOf("/") + 1);
  }

  /** Nothing exists here, and nothing is remembered. */
  get isVoid(): boolean {
    return this.#current.size === 0 && this.#past.size === 0;
  }

  /** The document as it was at a moment, as it is now unless one is given. */
  get(documentName: string, atMicros?: Micros): StoredDocument | undefined {
    const past =
      atMicros === undefined
        ? undefined
        : this.#past.get(documentName)?.find((version) => version.untilMicros > atMicros);
    return past === undefined ? this.#current.get(documentName) : past.document;
  }

  /** All documents as they were at a moment, as they are now unless one is given. In no order. */
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

  /** Whether any document existed at a moment, or exists now. */
  hasDocuments(atMicros?: Micros): boolean {
    return !this.documents(atMicros).next().done;
  }

  /** Makes `after` what the name stands for from now on; what it stood for is remembered. */
  replace(documentName: string, after: StoredDocument | undefined, atMicros: Micros): void {
    const past = this.#past.get(documentName) ?? [];
    past.push({ untilMicros: atMicros, document: this.#current.get(documentName) });
    this.#past.set(documentName, past);
    this.restore(documentName, after);
  }

  /** Makes `after` what the name has always stood for. */
  restore(documentName: string, after: StoredDocument | undefined): void {
    if (after === undefined) this.#current.delete(documentName);
    else this.#current.set(documentName, after);
  }

  /** Forgets the oldest version that is remembered of a document. */
  forgetOldest(documentName: string): void {
    const past = this.#past.get(documentName);
    past?.shift();
    if (past?.length === 0) this.#past.delete(documentName);
  }
}
