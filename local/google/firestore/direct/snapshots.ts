import type {
  DocumentData,
  DocumentSnapshot,
  QueryDocumentSnapshot,
  QuerySnapshot,
} from "../../../../shared/ports/database.ts";
import { getField } from "../field-paths.ts";
import type { StoredDocument, Timestamp as StoredTimestamp } from "../types.ts";
import type { DirectDocument } from "./document.ts";
import { fieldPath } from "./paths.ts";
import { DirectTimestamp } from "./timestamp.ts";
import { decodeFields, decodeValue } from "./values.ts";

/** A document at a read time, which may not exist. */
export class DirectSnapshot implements DocumentSnapshot {
  readonly ref: DirectDocument;
  readonly readTime: DirectTimestamp;
  readonly #stored: StoredDocument | undefined;

  constructor(ref: DirectDocument, stored: StoredDocument | undefined, readTime: StoredTimestamp) {
    this.ref = ref;
    this.#stored = stored;
    this.readTime = DirectTimestamp.fromStored(readTime);
  }

  get id(): string {
    return this.ref.id;
  }

  get exists(): boolean {
    return this.#stored !== undefined;
  }

  get updateTime(): DirectTimestamp | undefined {
    return this.#stored && DirectTimestamp.fromStored(this.#stored.updateTime);
  }

  data(): DocumentData | undefined {
    return this.#stored && decodeFields(this.ref.firestore, this.#stored.fields);
  }

  get(field: string): unknown {
    const path = fieldPath("field", field);
    const value = this.#stored && getField(this.#stored.fields, path);
    return value && decodeValue(this.ref.firestore, value);
  }
}

/** A document that exists. */
export class DirectFoundSnapshot extends DirectSnapshot implements QueryDocumentSnapshot {
  readonly #found: StoredDocument;

  constructor(ref: DirectDocument, stored: StoredDocument, readTime: StoredTimestamp) {
    super(ref, stored, readTime);
    this.#found = stored;
  }

  override get updateTime(): DirectTimestamp {
    return DirectTimestamp.fromStored(this.#found.updateTime);
  }

  override data(): DocumentData {
    return decodeFields(this.ref.firestore, this.#found.fields);
  }
}

/** A query's results at a read time. */
export function querySnapshot(
  docs: DirectFoundSnapshot[],
  readTime: StoredTimestamp,
): QuerySnapshot {
  const { length: size } = docs;
  return { docs, size, empty: size === 0, readTime: DirectTimestamp.fromStored(readTime) };
}
