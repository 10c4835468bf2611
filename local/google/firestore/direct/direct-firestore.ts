import type {
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  Query,
  Timestamp,
  Transaction,
} from "../../../../shared/ports/database.ts";
import type { Consistency } from "../server/messages.ts";
import { assertNotEmpty, notValid } from "./arguments.ts";
import { type CallParts, Calls } from "./calls.ts";
import { DirectCollection } from "./collection.ts";
import { assertDocument, DirectDocument } from "./document.ts";
import { asSent, collectionPath, documentPath, segmentsOf } from "./paths.ts";
import { type Begun, DirectQuery } from "./query/query.ts";
import { DirectFoundSnapshot, DirectSnapshot } from "./snapshots.ts";
import { DirectTimestamp } from "./timestamp.ts";
import { DirectTransaction } from "./transaction.ts";
import { DirectBatch } from "./writes/write-batch.ts";

const ID_LENGTH = 20;
const ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** What `DirectFirestore` needs. */
export interface DirectFirestoreParts extends CallParts {
  readonly projectId: string;
}

/** The database port, implemented by an engine in this process. */
export class DirectFirestore implements Firestore {
  readonly calls: Calls;
  /** The database's resource name. */
  readonly name: string;
  /** The resource name below which all documents are. */
  readonly rootName: string;
  readonly #random: () => number;

  constructor(parts: DirectFirestoreParts) {
    this.calls = new Calls(parts);
    this.name = `projects/${parts.projectId}/databases/(default)`;
    this.rootName = `${this.name}/documents`;
    this.#random = parts.random;
  }

  collection(path: string): DirectCollection {
    return this.collectionAt(collectionPath(path));
  }

  collectionGroup(id: string): DirectQuery {
    if (id.includes("/")) {
      throw new Error(`Invalid collectionId '${id}'. Collection IDs must not contain '/'.`);
    }
    return new DirectQuery(this, {
      parent: [],
      collectionId: id,
      allDescendants: true,
      filters: [],
      orders: [],
    });
  }

  doc(path: string): DirectDocument {
    return this.documentAt(documentPath(path));
  }

  getAll(...places: DocumentReference[]): Promise<DocumentSnapshot[]> {
    assertNotEmpty("Firestore.getAll", places);
    const documents = places.map((place, index) => assertDocument(index, place));
    return this.readAll(documents, {}).then(({ result }) => result);
  }

  batch(): DirectBatch {
    return new DirectBatch(this);
  }

  async runTransaction<Result>(
    work: (transaction: Transaction) => Promise<Result>,
    options?: { readonly readOnly: true; readonly readTime?: Timestamp },
  ): Promise<Result> {
    const readTime = options?.readTime;
    if (readTime !== undefined && !(readTime instanceof DirectTimestamp)) {
      throw new Error(notValid("transactionOptions.readTime", "Timestamp"));
    }
    return new DirectTransaction(this, options && { readTime }).run(work);
  }

  async sum(query: Query, field: string, transaction?: Transaction): Promise<number> {
    if (!(query instanceof DirectQuery)) throw new Error("The query is of another database.");
    const found =
      transaction instanceof DirectTransaction
        ? await transaction.sum(query, field)
        : (await query.aggregate({ kind: "sum", field }, {})).result;
    return Number(found);
  }

  collectionAt(segments: readonly string[]): DirectCollection {
    return new DirectCollection(this, segments);
  }

  documentAt(segments: readonly string[]): DirectDocument {
    return new DirectDocument(this, segments);
  }

  /** The reference to the document with a full resource name. */
  documentNamed(name: string): DirectDocument {
    return this.documentAt(segmentsOf(name.slice(this.rootName.length)));
  }

  /** A new document id. */
  newId(): string {
    return Array.from(
      { length: ID_LENGTH },
      () => ID_ALPHABET[Math.floor(this.#random() * ID_ALPHABET.length)],
    ).join("");
  }

  /** Reads one document at a read time or in a transaction. */
  async readOne(
    document: DirectDocument,
    consistency: Consistency,
  ): Promise<Begun<DocumentSnapshot>> {
    const { result, transaction } = await this.readAll([document], consistency);
    const [snapshot] = result;
    if (snapshot === undefined) throw new Error(`No answer for "${document.path}".`);
    return { result: snapshot, transaction };
  }

  /** Reads documents in the given order, at a read time or in a transaction. */
  async readAll(
    documents: readonly DirectDocument[],
    consistency: Consistency,
  ): Promise<Begun<DocumentSnapshot[]>> {
    const responses = await this.calls.batchGet({
      database: this.name,
      documents: [...new Set(documents.map(({ name }) => asSent(name)))],
      mask: null,
      ...consistency,
    });
    const answers = new Map(
      responses.map((answer) => [answer.found?.name ?? answer.missing, answer]),
    );
    const result = documents.map((document) => {
      const { found, readTime } = answers.get(document.name) ?? {};
      if (readTime === undefined) {
        throw new Error(`Did not receive document for "${document.path}".`);
      }
      return found
        ? new DirectFoundSnapshot(document, found, readTime)
        : new DirectSnapshot(document, undefined, readTime);
    });
    return { result, transaction: responses.find((answer) => answer.transaction)?.transaction };
  }
}
