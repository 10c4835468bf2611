import { type FieldPath, getField, setField } from "../field-paths.ts";
import type { Fields, StoredDocument, Value } from "../types.ts";
import { compareValues } from "../values/values.ts";
import type { CompiledQuery, Position, SortKey } from "./compile.ts";
import { isNameField, queriedValue, satisfies } from "./condition.ts";
import { inScope } from "./scope.ts";

/**
 * Whether a document matches before cursors, offset and limit: it is in scope, satisfies the
 * condition and has every sort field.
 */
export function matches(query: CompiledQuery, document: StoredDocument): boolean {
  return (
    (query.condition === null || satisfies(document, query.condition)) &&
    query.sortKeys.every(({ field }) => queriedValue(document, field) !== undefined) &&
    inScope(query.scope, document.name)
  );
}

/** A query's results in order, with only the selected fields. */
export function runQuery(
  query: CompiledQuery,
  documents: Iterable<StoredDocument>,
): StoredDocument[] {
  return selectDocuments(query, documents).map((document) => project(document, query.projection));
}

/** A query's results in order, with all fields. */
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
    // Occasionally discards the rows beyond the limit, so that selecting a few of many stays cheap.
    if (rows.length > 2 * last + MAX_EXTRA_ROWS) rows = rows.sort(compare).slice(0, last);
  }
  rows.sort(compare);
  return rows.slice(offset, last).map((row) => row.document);
}

/** A query's results with all fields in no particular order, for aggregations. */
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

/** Up to this many extra rows are cheaper to keep than to sort. */
const MAX_EXTRA_ROWS = 1000;

interface Row {
  readonly document: StoredDocument;
  readonly keys: readonly Value[];
}

function sortValues(sortKeys: readonly SortKey[], document: StoredDocument): readonly Value[] {
  return sortKeys.flatMap(({ field }) => queriedValue(document, field) ?? []);
}

/**
 * Compares only as many keys as both sides have, so that a shorter cursor equals all documents that
 * begin with it.
 */
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

/** Only the given fields that the document has; the name is not a field. */
export function selectFields(fields: Fields, paths: readonly FieldPath[]): Fields {
  let selected: Fields = {};
  for (const path of paths) {
    const value = isNameField(path) ? undefined : getField(fields, path);
    if (value !== undefined) selected = setField(selected, path, value);
  }
  return selected;
}
