import { type FieldPath, getField, setField } from "../field-paths.ts";
import type { Fields, StoredDocument, Value } from "../types.ts";
import { compareValues } from "../values.ts";
import type { CompiledQuery, Position, SortKey } from "./compile.ts";
import { isNameField, queriedValue, satisfies } from "./condition.ts";
import { inScope } from "./scope.ts";

/**
 * Whether a document is among those a query chooses from, before cursors, offset and limit: it lies
 * in the scope, satisfies the condition and has every field that the query sorts by.
 */
export function matches(query: CompiledQuery, document: StoredDocument): boolean {
  return (
    (query.condition === null || satisfies(document, query.condition)) &&
    query.sortKeys.every(({ field }) => queriedValue(document, field) !== undefined) &&
    inScope(query.scope, document.name)
  );
}

/** The results of a query over the documents, in order, with only the fields it selects. */
export function runQuery(
  query: CompiledQuery,
  documents: Iterable<StoredDocument>,
): StoredDocument[] {
  return selectDocuments(query, documents).map((document) => project(document, query.projection));
}

/** The results of a query over the documents, in order and whole. */
export function selectDocuments(
  query: CompiledQuery,
  documents: Iterable<StoredDocument>,
): StoredDocument[] {
  const { sortKeys, offset, limit } = query;
  const last = offset + limit;
  const compare = (left: Row, right: Row) => compareKeys(left.keys, right.keys, sortKeys);
  let rows: Row[] = [];
  for (const document of documents) {
    if (!matches(query, document)) continue;
    const keys = sortValues(sortKeys, document);
    if (!isBetween(keys, query)) continue;
    rows.push({ document, keys });
    // What is beyond the last result is let go now and then, so that a few of many stay few.
    if (rows.length > 2 * last + FEW) rows = rows.sort(compare).slice(0, last);
  }
  rows.sort(compare);
  return rows.slice(offset, last).map((row) => row.document);
}

/** The results of a query, whole and in no order, for figures that need none. */
export function countedDocuments(
  query: CompiledQuery,
  documents: Iterable<StoredDocument>,
): readonly StoredDocument[] {
  const isAll = query.offset === 0 && query.limit === Number.POSITIVE_INFINITY;
  if (!isAll) return selectDocuments(query, documents);
  const counted: StoredDocument[] = [];
  for (const document of documents) {
    if (!matches(query, document)) continue;
    if (isBetween(sortValues(query.sortKeys, document), query)) counted.push(document);
  }
  return counted;
}

/** So many more are cheaper kept than sorted. */
const FEW = 1000;

interface Row {
  readonly document: StoredDocument;
  readonly keys: readonly Value[];
}

function sortValues(sortKeys: readonly SortKey[], document: StoredDocument): readonly Value[] {
  return sortKeys.flatMap(({ field }) => queriedValue(document, field) ?? []);
}

/** Compares as far as both sides go, so that a cursor of fewer keys equals all that begin with them. */
function compareKeys(
  left: readonly Value[],
  right: readonly Value[],
  sortKeys: readonly SortKey[],
): number {
  for (const [index, { descending }] of sortKeys.entries()) {
    const leftValue = left[index];
    const rightValue = right[index];
    if (leftValue === undefined || rightValue === undefined) return 0;
    const order = compareValues(leftValue, rightValue);
    if (order !== 0) return descending ? -order : order;
  }
  return 0;
}

function isBetween(keys: readonly Value[], query: CompiledQuery): boolean {
  const { startAt, endAt, sortKeys } = query;
  if (startAt !== null && !isAfter(keys, startAt, sortKeys)) return false;
  return endAt === null || !isAfter(keys, endAt, sortKeys);
}

function isAfter(
  keys: readonly Value[],
  position: Position,
  sortKeys: readonly SortKey[],
): boolean {
  const order = compareKeys(keys, position.values, sortKeys);
  return position.before ? order >= 0 : order > 0;
}

function project(
  document: StoredDocument,
  projection: readonly FieldPath[] | null,
): StoredDocument {
  if (projection === null) return document;
  return { ...document, fields: selectFields(document.fields, projection) };
}

/** Only the given fields, where the document has them; the name is no field. */
export function selectFields(fields: Fields, paths: readonly FieldPath[]): Fields {
  let selected: Fields = {};
  for (const path of paths) {
    const value = isNameField(path) ? undefined : getField(fields, path);
    if (value !== undefined) selected = setField(selected, path, value);
  }
  return selected;
}
