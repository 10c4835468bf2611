import type {
  Fields,
  StoredDocument,
  StructuredAggregationQuery,
  StructuredQuery,
  Timestamp,
} from "../types.ts";
import type { DocumentMask, Precondition, Write } from "../writes/messages.ts";

/**
 * The requests of google.firestore.v1 as `local/kit/google/grpc.ts` decodes them, and the responses it
 * encodes.
 */

/** The options of a new transaction, a union by `mode`. */
export interface TransactionOptions {
  readonly mode?: "readOnly" | "readWrite";
  readonly readOnly?: { readonly readTime?: Timestamp };
  readonly readWrite?: { readonly retryTransaction: Buffer };
}

/** A read's time or transaction. */
export interface Consistency {
  readonly transaction?: Buffer;
  readonly newTransaction?: TransactionOptions;
  readonly readTime?: Timestamp;
}

export interface GetDocumentRequest extends Consistency {
  readonly name: string;
  readonly mask: DocumentMask | null;
}

export interface BatchGetDocumentsRequest extends Consistency {
  readonly database: string;
  readonly documents: readonly string[];
  readonly mask: DocumentMask | null;
}

/** A document, the name of a missing one, or the transaction that began. */
export interface BatchGetDocumentsResponse {
  readonly transaction?: Buffer;
  readonly found?: StoredDocument;
  readonly missing?: string;
  readonly readTime?: Timestamp;
}

export interface ListDocumentsRequest extends Consistency {
  readonly parent: string;
  readonly collectionId: string;
  readonly pageSize: number;
  readonly pageToken: string;
  readonly orderBy: string;
  readonly mask: DocumentMask | null;
  readonly showMissing: boolean;
}

export interface ListCollectionIdsRequest extends Consistency {
  readonly parent: string;
  readonly pageSize: number;
  readonly pageToken: string;
}

export interface RunQueryRequest extends Consistency {
  readonly parent: string;
  readonly structuredQuery?: StructuredQuery;
}

/** A document that a query found (the last has `done`), or the transaction that began. */
export interface RunQueryResponse {
  readonly transaction?: Buffer;
  readonly document?: StoredDocument;
  readonly readTime?: Timestamp;
  readonly skippedResults?: number;
  readonly done?: boolean;
}

export interface RunAggregationQueryRequest extends Consistency {
  readonly parent: string;
  readonly structuredAggregationQuery?: StructuredAggregationQuery;
}

/** All aggregation results, or the transaction that began. */
export interface RunAggregationQueryResponse {
  readonly transaction?: Buffer;
  readonly result?: { readonly aggregateFields: Fields };
  readonly readTime?: Timestamp;
}

export interface CreateDocumentRequest {
  readonly parent: string;
  readonly collectionId: string;
  readonly documentId: string;
  readonly document: Pick<StoredDocument, "fields"> | null;
  readonly mask: DocumentMask | null;
}

export interface UpdateDocumentRequest {
  readonly document: Pick<StoredDocument, "name" | "fields"> | null;
  readonly updateMask: DocumentMask | null;
  readonly mask: DocumentMask | null;
  readonly currentDocument: Precondition | null;
}

export interface DeleteDocumentRequest {
  readonly name: string;
  readonly currentDocument: Precondition | null;
}

export interface CommitRequest {
  readonly database: string;
  readonly writes: readonly Write[];
  readonly transaction: Buffer;
}

export interface BatchWriteRequest {
  readonly database: string;
  readonly writes: readonly Write[];
}

export interface BeginTransactionRequest {
  readonly database: string;
  readonly options: TransactionOptions | null;
}

export interface RollbackRequest {
  readonly database: string;
  readonly transaction: Buffer;
}

/** A request to add or remove a target. */
export interface ListenRequest {
  readonly database: string;
  readonly addTarget?: ListenTarget;
  readonly removeTarget?: number;
}

/** A set of documents, or a query, to listen to. */
export interface ListenTarget {
  readonly targetId: number;
  readonly once: boolean;
  readonly documents?: { readonly documents: readonly string[] };
  readonly query?: { readonly parent: string; readonly structuredQuery?: StructuredQuery };
  readonly resumeToken?: Buffer;
  readonly readTime?: Timestamp;
}
