import type {
  DocumentData,
  DocumentReference,
  DocumentSnapshot,
  Precondition,
  WriteResult,
} from "../../../../shared/ports/database.ts";
import { notValid } from "./arguments.ts";
import type { DirectCollection } from "./collection.ts";
import type { DirectFirestore } from "./direct-firestore.ts";
import { collectionPath } from "./paths.ts";
import type { DirectBatch } from "./writes/write-batch.ts";

/** A reference to a document. */
export class DirectDocument implements DocumentReference {
  readonly firestore: DirectFirestore;
  /** The path's segments from the root to the document's id. */
  readonly segments: readonly string[];

  constructor(firestore: DirectFirestore, segments: readonly string[]) {
    this.firestore = firestore;
    this.segments = segments;
  }

  get id(): string {
    return this.segments.at(-1) ?? "";
  }

  get path(): string {
    return this.segments.join("/");
  }

  /** The full resource name. */
  get name(): string {
    return `${this.firestore.rootName}/${this.path}`;
  }

  get parent(): DirectCollection {
    return this.firestore.collectionAt(this.segments.slice(0, -1));
  }

  collection(id: string): DirectCollection {
    return this.firestore.collectionAt(collectionPath(id, this.segments));
  }

  async get(): Promise<DocumentSnapshot> {
    const [snapshot] = await this.firestore.getAll(this);
    if (snapshot === undefined) throw new Error(`Did not receive document for "${this.path}".`);
    return snapshot;
  }

  create(data: DocumentData): Promise<WriteResult> {
    return onlyResult(this.firestore.batch().create(this, data));
  }

  set(data: DocumentData): Promise<WriteResult> {
    return onlyResult(this.firestore.batch().set(this, data));
  }

  update(data: DocumentData, ...precondition: [Precondition?]): Promise<WriteResult> {
    return onlyResult(this.firestore.batch().update(this, data, ...precondition));
  }

  delete(precondition?: Precondition): Promise<WriteResult> {
    return onlyResult(this.firestore.batch().delete(this, precondition));
  }
}

/**
 * Returns the argument if it is a reference of this class. Otherwise throws the error of Google's
 * client.
 */
export function assertDocument(argument: string | number, value: unknown): DirectDocument {
  if (value instanceof DirectDocument) return value;
  throw new Error(notValid(argument, "DocumentReference"));
}

async function onlyResult(batch: DirectBatch): Promise<WriteResult> {
  const [result] = await batch.commit();
  if (result === undefined) throw new Error("The commit of one write gave no result.");
  return result;
}
