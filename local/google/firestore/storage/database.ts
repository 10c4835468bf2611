import type { CompiledQuery } from "../query/compile.ts";
import type { Scope } from "../query/scope.ts";
import { textLookupOf } from "../query/text-lookup.ts";
import type { StoredDocument } from "../types.ts";
import { Collection } from "./collection.ts";
import type { Micros } from "./micros.ts";

/** A commit's change to one document. */
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

  /** A document at a read time; its current version by default. */
  get(documentName: string, atMicros?: Micros): StoredDocument | undefined {
    return this.#collections.get(parentOf(documentName))?.get(documentName, atMicros);
  }

  /**
   * The documents of all collections that a query reads, at a read time or now, in no particular
   * order.
   */
  *documents(scope: Scope, atMicros?: Micros): Generator<StoredDocument> {
    for (const collection of this.#inScope(scope)) yield* collection.documents(atMicros);
  }

  /**
   * The documents at a read time or now among which are all results of a query, in no particular
   * order.
   */
  candidates(
    { scope, condition }: Pick<CompiledQuery, "scope" | "condition">,
    atMicros?: Micros,
  ): Iterable<StoredDocument> {
    const lookup = textLookupOf(condition);
    if (lookup === undefined || atMicros !== undefined) return this.documents(scope, atMicros);
    return this.#inScope(scope).flatMap((collection) => collection.withText(lookup));
  }

  /**
   * The ids of the collections directly below a document or the root that contain documents at any
   * depth, in no particular order.
   */
  collectionIds(parent: string, atMicros?: Micros): Set<string> {
    return new Set(this.#idsBelow(parent, atMicros));
  }

  /**
   * The names in a collection that have documents below them, whether or not they exist themselves.
   */
  namesWithDescendants(collectionName: string, atMicros?: Micros): Set<string> {
    return new Set(this.#idsBelow(collectionName, atMicros).map((id) => `${collectionName}/${id}`));
  }

  /** How many documents a collection has now. */
  sizeOf(collectionName: string): number {
    return this.#collections.get(collectionName)?.size ?? 0;
  }

  /** Every current document. */
  *all(): Generator<StoredDocument> {
    for (const collection of this.#collections.values()) yield* collection.documents();
  }

  /** Applies a commit's changes and stores the previous versions. */
  apply(changes: readonly Change[], atMicros: Micros): void {
    for (const { name, after } of changes) this.#collectionOf(name).replace(name, after, atMicros);
  }

  /** Restores a document that an earlier run stored. */
  restore(documentName: string, document: StoredDocument | undefined): void {
    const collection = this.#collectionOf(documentName);
    collection.restore(documentName, document);
    this.#dropIfEmpty(collection);
  }

  /** Deletes a document's oldest stored version. */
  forgetOldest(documentName: string): void {
    const collection = this.#collectionOf(documentName);
    collection.forgetOldest(documentName);
    this.#dropIfEmpty(collection);
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

  /**
   * The ids that directly follow a name, taken from all collections below it that contain
   * documents.
   */
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

  #dropIfEmpty(collection: Collection): void {
    if (!collection.isEmpty) return;
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
