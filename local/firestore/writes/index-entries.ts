import { formatFieldPath, getField, NAME_FIELD, parseFieldPath } from "../field-paths.ts";
import { invalidArgument } from "../grpc-error.ts";
import { parseDocumentName } from "../names.ts";
import { configuredIndexes } from "../query/single-field-indexes.ts";
import type { CompositeIndex, Fields, IndexConfiguration, Value } from "../types.ts";
import { innerFields } from "../values.ts";

/** https://firebase.google.com/docs/firestore/quotas#indexes */
const MAX_ENTRIES = 40_000;

/** What one field or element, which takes a byte at least, can have in indexes of its own. */
const MOST_SINGLE_FIELD_ENTRIES = 8;

/**
 * Google does not say so, but others have measured that production takes an array of 19,999 different
 * elements, with the array itself in ascending and descending order, and none of 20,000: each element
 * counts twice.
 */
const ENTRIES_PER_ELEMENT = 2;

/** A document that is about to be stored, and the bytes it takes. */
interface SizedDocument {
  readonly name: string;
  readonly fields: Fields;
  readonly bytes: number;
}

/** Refuses with INVALID_ARGUMENT a document that would have more entries in indexes than Firestore keeps. */
export function assertIndexEntries(
  { name, fields, bytes }: SizedDocument,
  { indexes, fieldOverrides }: IndexConfiguration,
): void {
  // Most documents are so small that nothing has to be counted.
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

/** Every field counts, arrays and maps as a whole too, and with them all that is in them. */
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

/** One, or one for each element of an array; none when the document lacks one of the fields. */
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

/** How many different elements an array has; none for what is no array. */
function elements(value: Value): number {
  if (value.valueType !== "arrayValue") return 0;
  return new Set(value.arrayValue.values.map((element) => JSON.stringify(element))).size;
}
