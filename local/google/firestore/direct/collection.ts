import type { CollectionReference } from "../../../../shared/ports/database.ts";
import type { DirectFirestore } from "./direct-firestore.ts";
import type { DirectDocument } from "./document.ts";
import { documentPath } from "./paths.ts";
import { DirectQuery } from "./query/query.ts";

/** The documents of one collection. */
export class DirectCollection extends DirectQuery implements CollectionReference {
  readonly #segments: readonly string[];

  constructor(firestore: DirectFirestore, segments: readonly string[]) {
    super(firestore, {
      parent: segments.slice(0, -1),
      collectionId: segments.at(-1) ?? "",
      allDescendants: false,
      filters: [],
      orders: [],
    });
    this.#segments = segments;
  }

  get id(): string {
    return this.options.collectionId;
  }

  get path(): string {
    return this.#segments.join("/");
  }

  get parent(): DirectDocument | null {
    const { parent } = this.options;
    return parent.length === 0 ? null : this.firestore.documentAt(parent);
  }

  doc(...id: [string?]): DirectDocument {
    const below = id.length === 0 ? this.firestore.newId() : id[0];
    return this.firestore.documentAt(documentPath(below, this.#segments));
  }
}
