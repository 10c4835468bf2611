import type { Scope } from "../query/scope.ts";
import type { StoredDocument } from "../types.ts";
import { Collection } from "./collection.ts";
import type { Micros } from "./micros.ts";

/** What one commit did to one document. */
export interface Change {
  readonly name: string;
  readonly before: StoredDocument | undefined;
  readonly after: StoredDocument | undefined;
}

/** The documents of one database, by collection. */
export class Database {
  /** `projects/P/databases/D`. */
  readonly name: string;
  #collections = new Map<string, Collection>();
  #byId = new Map<string, Set<Collection>>();

  constructor(name: string) {
    this.name = name;
  }

  /** The document as it was at a moment, as it is now unless one is given. */
  get(documentName: string, atMicros?: Micros): StoredDocument | undefined {
    return this.#collections.get(parentOf(documentName))?.get(documentName, atMicros);
  }

  /** The documents of all collections that a query reads, at a moment or now. In no order. */
  *documents(scope: Scope, atMicros?: Micros): Generator<StoredDocument> {
    for (const collection of this.#inScope(scope)) yield* collection.documents(atMicros);
  }

  /** The ids of the collections directly under a document or the root that have documents in or below them, in no order. */
  collectionIds(parent: string, atMicros?: Micros): Set<string> {
    return new Set(this.#idsBelow(parent, atMicros));
  }

  /** The names in a collection that have documents below them, whether they exist themselves or not. */
  namesWithDescendants(collectionName: string, atMicros?: Micros): Set<string> {
    return new Set(this.#idsBelow(collectionName, atMicros).map((id) => `${collectionName}/${id}`));
  }

  /** Every document that exists now. */
  *all(): Generator<StoredDocument> {
    for (const collection of this.#collections.values()) yield* collection.documents();
  }

  /** Makes a commit's changes visible, and remembers what they replaced. */
  apply(changes: readonly Change[], atMicros: Micros): void {
    for (const { name, after } of changes) this.#collectionOf(name).replace(name, after, atMicros);
  }

  /** Puts back what was stored by an earlier run. */
  restore(documentName: string, document: StoredDocument | undefined): void {
    const collection = this.#collectionOf(documentName);
    collection.restore(documentName, document);
    this.#dropIfVoid(collection);
  }

  /** Forgets the oldest version that is remembered of a document. */
  forgetOldest(documentName: string): void {
    const collection = this.#collectionOf(documentName);
    collection.forgetOldest(documentName);
    this.#dropIfVoid(collection);
  }

  #collectionOf(documentName: string): Collection {
    const name = parentOf(documentName);
    const known = this.#collections.get(name);
    if (known !== undefined) return known;
    const collection = new Collection(name);
    this.#collections.set(name, collection);
    const group = this.#byId.get(collection.id) ?? new Set();
    this.#byId.set(collection.id, group.add(collection));
    return collection;
  }

  /** The next id after a name, in the name of every collection below it that holds documents. */
  #idsBelow(name: string, atMicros: Micros | undefined): string[] {
    return [...this.#collections.values()]
      .filter((collection) => collection.name.startsWith(`${name}/`))
      .filter((collection) => collection.hasDocuments(atMicros))
      .map((collection) =>
        collection.name
          .slice(name.length + 1)
          .split("/", 1)
          .join(),
      );
  }

  #dropIfVoid(collection: Collection): void {
    if (!collection.isVoid) return;
    this.#collections.delete(collection.name);
    this.#byId.get(collection.id)?.delete(collection);
  }

  #inScope({ parent, collectionId, queryScope }: Scope): Collection[] {
    if (queryScope === "COLLECTION") {
      if (collectionId === "") {
        return [...this.#collections.values()].filter(({ name }) => parentOf(name) === parent);
      }
      const collection = this.#collections.get(`${parent}/${collectionId}`);
      return collection === undefined ? [] : [collection];
    }
    const group = collectionId === "" ? this.#collections.values() : this.#byId.get(collectionId);
    return [...(group ?? [])].filter(({ name }) => name.startsWith(`${parent}/`));
  }
}

function parentOf(name: string): string {
  return name.slice(0, name.lastIndexOf("/"));
}
