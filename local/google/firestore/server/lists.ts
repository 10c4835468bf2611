import { invalidArgument } from "../grpc-error.ts";
import { assertCollectionId, compareNames, parseParentName } from "../names.ts";
import { compileQuery } from "../query/compile.ts";
import { runQuery } from "../query/run.ts";
import type { Order, StoredDocument, StructuredQuery } from "../types.ts";
import { compareUtf8 } from "../values/utf8.ts";
import type { ListCollectionIdsRequest, ListDocumentsRequest } from "./messages.ts";
import { compileMask, databaseOf, masked } from "./reads.ts";
import type { Views } from "./view.ts";

const MAX_DOCUMENTS_PER_PAGE = 300;
const MAX_COLLECTION_IDS_PER_PAGE = 1000;
const ORDER_CLAUSE = /^\s*([^\s,]+)(?:\s+(asc|desc))?\s*$/i;

/** A document, or only its name if it does not exist but has documents below it. */
type Listed = StoredDocument | { readonly name: string };

/** Paged lists of documents and collections. */
export class Lists {
  #views: Views;

  constructor(views: Views) {
    this.#views = views;
  }

  /**
   * The documents of a collection, or of all collections directly below a parent, in the requested
   * order.
   */
  async listDocuments(
    request: ListDocumentsRequest,
  ): Promise<{ documents: Listed[]; nextPageToken: string }> {
    const { parent, collectionId, showMissing } = request;
    if (showMissing && request.orderBy !== "") {
      throw invalidArgument("cannot specify an order when show_missing is true");
    }
    const query = compileQuery(parent, listingQuery(collectionId, request.orderBy));
    const database = this.#views.database(databaseOf(parent));
    const { content, atMicros } = await this.#views
      .of(database, request)
      .query(query, (documents) => runQuery(query, documents));
    const existing = new Set(content.map(({ name }) => name));
    const missing = showMissing
      ? [...database.namesWithDescendants(`${parent}/${collectionId}`, atMicros)]
          .filter((name) => !existing.has(name))
          .map((name) => ({ name }))
      : [];
    const all: Listed[] = [...content, ...missing];
    if (missing.length > 0) all.sort((left, right) => compareNames(left.name, right.name));
    const page = pageOf(all, ({ name }) => name, request, MAX_DOCUMENTS_PER_PAGE);
    // Clients that list only references send an empty mask, which here means all fields:
    // https://firebase.google.com/docs/firestore/reference/rpc/google.firestore.v1#listdocumentsrequest
    const paths = request.mask?.fieldPaths.length === 0 ? null : compileMask(request.mask);
    const documents = page.items.map((item) => ("fields" in item ? masked(item, paths) : item));
    return { documents, nextPageToken: page.nextPageToken };
  }

  /** The ids of the collections directly below a document or the root, in order. */
  async listCollectionIds(
    request: ListCollectionIdsRequest,
  ): Promise<{ collectionIds: string[]; nextPageToken: string }> {
    parseParentName(request.parent);
    const database = this.#views.database(databaseOf(request.parent));
    const { atMicros } = await this.#views.of(database, request).documents([]);
    const ids = [...database.collectionIds(request.parent, atMicros)].sort(compareUtf8);
    const page = pageOf(ids, (id) => id, request, MAX_COLLECTION_IDS_PER_PAGE);
    return { collectionIds: page.items, nextPageToken: page.nextPageToken };
  }
}

function listingQuery(collectionId: string, orderBy: string): StructuredQuery {
  if (collectionId !== "") assertCollectionId(collectionId);
  return {
    select: null,
    from: [{ collectionId, allDescendants: false }],
    where: null,
    orderBy: orderBy === "" ? [] : orderBy.split(",").map(compileOrder),
    startAt: null,
    endAt: null,
    offset: 0,
    limit: null,
    findNearest: null,
  };
}

function compileOrder(clause: string): Order {
  const [, fieldPath, direction = "asc"] = ORDER_CLAUSE.exec(clause) ?? [];
  if (fieldPath === undefined) throw invalidArgument(`Invalid order by clause "${clause}".`);
  const descending = direction.toLowerCase() === "desc";
  return { field: { fieldPath }, direction: descending ? "DESCENDING" : "ASCENDING" };
}

/**
 * One page of a list. The page token is the key of the last item, so that new items do not shift
 * the next page.
 */
function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { pageSize, pageToken }: { readonly pageSize: number; readonly pageToken: string },
  maxPageSize: number,
): { items: Item[]; nextPageToken: string } {
  if (pageSize < 0) throw invalidArgument("Page size must be nonnegative.");
  const last = Buffer.from(pageToken, "base64").toString();
  const start = pageToken === "" ? 0 : items.findIndex((item) => keyOf(item) === last) + 1;
  if (pageToken !== "" && start === 0) throw invalidArgument("invalid page token");
  const page = items.slice(start, start + Math.min(pageSize || maxPageSize, maxPageSize));
  const end = page.at(-1);
  const isLast = end === undefined || start + page.length === items.length;
  return {
    items: page,
    nextPageToken: isLast ? "" : Buffer.from(keyOf(end)).toString("base64"),
  };
}
