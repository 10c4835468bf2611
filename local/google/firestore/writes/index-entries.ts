import { formatFieldPath, getField, NAME_FIELD, parseFieldPath } from "../field-paths.ts";
import { invalidArgument } from "../grpc-error.ts";
import { parseDocumentName } from "../names.ts";
import { configuredIndexes } from "../query/single-field-indexes.ts";
import type { CompositeIndex, Fields, IndexConfiguration, Value } from "../types.ts";
import { innerFields } from "../values/values.ts";

/** https://firebase.google.com/docs/firestore/quotas#indexes */
const MAX_ENTRIES = 40_000;

/**
 * The maximum number of single-field index entries of one field or element, which takes at least
 * one byte.
 */
const MOST_SINGLE_FIELD_ENTRIES = 8;

/**
 * Google does not document this. Measurements by others found that production accepts an array of
 * 19,999 distinct elements, with ascending and descending indexes of the array itself, and refuses
 * 20,000: each element counts twice.
 */
const ENTRIES_PER_ELEMENT = 2;

/** A document to be stored and its size in bytes. */
interface SizedDocument {
  readonly name: string;
  readonly fields: Fields;
  readonly bytes: number;
}

/** Throws INVALID_ARGUMENT when a document would have more index entries than Firestore allows. */
export function assertIndexEntries(
  { name, fields, bytes }: SizedDocument,
  { indexes, fieldOverrides }: IndexConfiguration,
): void {
  // Skips counting for the many documents that are too small to exceed the limit.
  if (bytes * (MOST_SINGLE_FIELD_ENTRIES + indexes.length) <= MAX_ENTRIES) return;
  const { segments } = parseDocumentName(name);
  const collectionId = segments.at(-2) ?? "";
  const isOfGroup = (entry: { readonly collectionGroup: string }) =>
    entry.collectionGroup === collectionId;
  const overrides = fieldOverrides.filter(isOfGroup);
  const modesOf = (fieldPath: string) => configuredIndexes({ collectionId }, fieldPath, overrides);
  let entries = singleFieldEntries(fields, modesOf);
  for (const index of indexes.filter(isOfGroup)) entries += compositeEntries(fields, index);
  if (entries > MAX_ENTRIES) {
    throw invalidArgument(`too many index entries for entity /${segments.join("/")}`);
  }
}

type Modes = ReturnType<typeof configuredIndexes>;

/** Counts every field, arrays and maps as a whole and everything inside them. */
function singleFieldEntries(
  fields: Fields,
  modesOf: (fieldPath: string) => Modes,
  prefix = "",
): number {
  let entries = 0;
  for (const [name, value] of Object.entries(fields)) {
    const fieldPath = `${prefix}${formatFieldPath([name])}`;
    for (const { order } of modesOf(fieldPath)) {
      entries += order === undefined ? ENTRIES_PER_ELEMENT * elements(value) : 1;
    }
    const inner = innerFields(value);
    if (inner) entries += singleFieldEntries(inner, modesOf, `${fieldPath}.`);
  }
  return entries;
}

/**
 * The entries in one composite index: one, or one per element of an array field; none if a field is
 * missing.
 */
function compositeEntries(fields: Fields, { fields: indexed }: CompositeIndex): number {
  let entries = 1;
  for (const { fieldPath, arrayConfig } of indexed) {
    if (fieldPath === NAME_FIELD) continue;
    const value = getField(fields, parseFieldPath(fieldPath));
    if (value === undefined) return 0;
    if (arrayConfig !== undefined) entries *= elements(value);
  }
  return entries;
}

/** The number of distinct elements of an array; 0 for other values. */
function elements(value: Value): number {
  if (value.valueType !== "arrayValue") return 0;
  return new Set(value.arrayValue.values.map((element) => JSON.stringify(element))).size;
}
