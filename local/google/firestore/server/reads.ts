import { status } from "@grpc/grpc-js";
import { parseFieldPath } from "../field-paths.ts";
import { GrpcError, invalidArgument } from "../grpc-error.ts";
import { parseDocumentName } from "../names.ts";
import { compileAggregation, runAggregation } from "../query/aggregate.ts";
import { compileQuery } from "../query/compile.ts";
import { assertIndexed } from "../query/indexes.ts";
import { runQuery, selectFields } from "../query/run.ts";
import type { IndexConfiguration, StoredDocument } from "../types.ts";
import type { DocumentMask } from "../writes/messages.ts";
import type {
  BatchGetDocumentsRequest,
  BatchGetDocumentsResponse,
  GetDocumentRequest,
  RunAggregationQueryRequest,
  RunAggregationQueryResponse,
  RunQueryRequest,
  RunQueryResponse,
} from "./messages.ts";
import type { View, Views } from "./view.ts";

/** Reads of documents by name and by query. */
export class Reads {
  #views: Views;
  #indexes: IndexConfiguration;

  constructor(views: Views, indexes: IndexConfiguration) {
    this.#views = views;
    this.#indexes = indexes;
  }

  async getDocument({ name, mask, ...consistency }: GetDocumentRequest): Promise<StoredDocument> {
    parseDocumentName(name);
    const view = this.#views.of(this.#views.database(databaseOf(name)), consistency);
    const { content } = await view.documents([name]);
    const [document] = content;
    if (document === undefined) {
      throw new GrpcError(status.NOT_FOUND, `Document (${name}) not found.`);
    }
    return masked(document, compileMask(mask));
  }

  /** One response per document, after one with the transaction if the request began one. */
  async batchGetDocuments(request: BatchGetDocumentsRequest): Promise<BatchGetDocumentsResponse[]> {
    const paths = compileMask(request.mask);
    const names = [...new Set(request.documents)];
    for (const name of names) {
      parseDocumentName(name);
      if (databaseOf(name) !== request.database) {
        throw invalidArgument(`Document "${name}" is not in database "${request.database}".`);
      }
    }
    const view = this.#views.of(this.#views.database(request.database), request);
    const { content, readTime } = await view.documents(names);
    const answers = names.map((missing, index) => {
      const document = content[index];
      const result = document === undefined ? { missing } : { found: masked(document, paths) };
      return { ...result, readTime };
    });
    return [...beginning(view), ...answers];
  }

  /** One response per result, after one with the transaction if the request began one. */
  async runQuery(request: RunQueryRequest): Promise<RunQueryResponse[]> {
    const { parent, structuredQuery } = request;
    if (structuredQuery === undefined) throw invalidArgument("A query must be given.");
    const query = compileQuery(parent, structuredQuery);
    assertIndexed(query, this.#indexes);
    const view = this.#viewUnder(parent, request);
    const { offset, limit } = query;
    const { content, readTime } = await view.query(query, (documents) =>
      runQuery({ ...query, offset: 0, limit: offset + limit }, documents),
    );
    const found = content.slice(offset).map((document) => ({ document, readTime }));
    const [first = { readTime }, ...others]: RunQueryResponse[] = found;
    const answers = [{ ...first, skippedResults: Math.min(offset, content.length) }, ...others];
    return [
      ...beginning(view),
      ...answers.slice(0, -1),
      ...answers.slice(-1).map((last) => ({ ...last, done: true })),
    ];
  }

  /**
   * One response with all aggregation results, after one with the transaction if the request began
   * one.
   */
  async runAggregationQuery(
    request: RunAggregationQueryRequest,
  ): Promise<RunAggregationQueryResponse[]> {
    const { parent, structuredAggregationQuery } = request;
    if (structuredAggregationQuery === undefined) throw invalidArgument("A query must be given.");
    const aggregation = compileAggregation(parent, structuredAggregationQuery);
    assertIndexed(aggregation.query, this.#indexes);
    const view = this.#viewUnder(parent, request);
    const { content, readTime } = await view.query(aggregation.query, (documents) =>
      runAggregation(aggregation, documents),
    );
    return [...beginning(view), { result: { aggregateFields: content }, readTime }];
  }

  #viewUnder(parent: string, request: RunQueryRequest | RunAggregationQueryRequest): View {
    return this.#views.of(this.#views.database(databaseOf(parent)), request);
  }
}

/** The database of a document or parent name. */
export function databaseOf(name: string): string {
  return name.split("/", 4).join("/");
}

/** The paths of a mask; null for all fields. */
export function compileMask(mask: DocumentMask | null) {
  return mask === null ? null : mask.fieldPaths.map(parseFieldPath);
}

/** A document with only the fields of a mask. */
export function masked(
  document: StoredDocument,
  paths: ReturnType<typeof compileMask>,
): StoredDocument {
  return paths === null ? document : { ...document, fields: selectFields(document.fields, paths) };
}

function beginning({ begun }: View): { transaction: Buffer }[] {
  return begun === undefined ? [] : [{ transaction: begun.id }];
}
