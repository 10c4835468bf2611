import { compareNames } from "../names.ts";
import type { Fields, GeoPoint, Timestamp, Value } from "../types.ts";
import { compareNumbers, isNaNValue } from "./numbers.ts";
import { compareUtf8 } from "./utf8.ts";

/** The two fields that make a map a vector. */
const VECTOR_TYPE_FIELD = "__type__";
const VECTOR_TYPE = "__vector__";
const VECTOR_VALUE_FIELD = "value";

/**
 * Value types in sort order:
 * https://firebase.google.com/docs/firestore/manage-data/data-types#value_type_ordering
 */
const KINDS = [
  "null",
  "boolean",
  "number",
  "timestamp",
  "string",
  "bytes",
  "reference",
  "geoPoint",
  "array",
  "vector",
  "map",
] as const;

/** A group of types that sort together: integers and doubles are one kind, vectors another. */
export type ValueKind = (typeof KINDS)[number];

const KIND_OF_TYPE = {
  nullValue: "null",
  booleanValue: "boolean",
  integerValue: "number",
  doubleValue: "number",
  timestampValue: "timestamp",
  stringValue: "string",
  bytesValue: "bytes",
  referenceValue: "reference",
  geoPointValue: "geoPoint",
  arrayValue: "array",
  mapValue: "map",
} as const satisfies Record<Value["valueType"], ValueKind>;

/** The kind a value sorts with. */
export function kindOf(value: Value): ValueKind {
  return vectorElements(value) === null ? KIND_OF_TYPE[value.valueType] : "vector";
}

/** The fields inside a map value; a vector, although stored as a map, has none. */
export function innerFields(value: Value | undefined): Fields | undefined {
  if (value?.valueType !== "mapValue" || vectorElements(value) !== null) return undefined;
  return value.mapValue.fields;
}

/** The elements of a vector, or null for any other value. */
function vectorElements(value: Value): readonly Value[] | null {
  if (value.valueType !== "mapValue") return null;
  const type = value.mapValue.fields[VECTOR_TYPE_FIELD];
  if (type?.valueType !== "stringValue" || type.stringValue !== VECTOR_TYPE) return null;
  const elements = value.mapValue.fields[VECTOR_VALUE_FIELD];
  return elements?.valueType === "arrayValue" ? elements.arrayValue.values : null;
}

/**
 * Firestore's total order of values, negative when `left` comes first. Numbers compare by amount
 * whatever their type, with NaN first and equal to itself, and -0 equal to 0. Timestamps compare to
 * the microsecond, Firestore's precision.
 */
export function compareValues(left: Value, right: Value): number {
  const leftKind = kindOf(left);
  const rightKind = kindOf(right);
  if (leftKind !== rightKind) return KINDS.indexOf(leftKind) - KINDS.indexOf(rightKind);
  if (leftKind === "vector") return compareVectors(left, right);
  return compareSameKind(left, right);
}

/**
 * Whether two values are equal for `arrayUnion` and `arrayRemove`, and inside arrays and maps: 1
 * equals 1.0 and NaN equals NaN.
 */
export function equalValues(left: Value, right: Value): boolean {
  if (left.valueType === "stringValue" && right.valueType === "stringValue") {
    return left.stringValue === right.stringValue;
  }
  return compareValues(left, right) === 0;
}

/**
 * Whether an equality filter matches the value: as `equalValues`, but null and NaN equal nothing.
 */
export function equalForFilter(value: Value, operand: Value): boolean {
  return !isNullValue(operand) && !isNaNValue(operand) && equalValues(value, operand);
}

/** Whether a value is null. */
export function isNullValue(value: Value): boolean {
  return value.valueType === "nullValue";
}

function compareSameKind(left: Value, right: Value): number {
  if (left.valueType === "booleanValue" && right.valueType === "booleanValue") {
    return Number(left.booleanValue) - Number(right.booleanValue);
  }
  if (left.valueType === "stringValue" && right.valueType === "stringValue") {
    return compareUtf8(left.stringValue, right.stringValue);
  }
  if (left.valueType === "timestampValue" && right.valueType === "timestampValue") {
    return compareTimestamps(left.timestampValue, right.timestampValue);
  }
  if (left.valueType === "bytesValue" && right.valueType === "bytesValue") {
    return Buffer.compare(left.bytesValue, right.bytesValue);
  }
  if (left.valueType === "referenceValue" && right.valueType === "referenceValue") {
    return compareNames(left.referenceValue, right.referenceValue);
  }
  if (left.valueType === "geoPointValue" && right.valueType === "geoPointValue") {
    return compareGeoPoints(left.geoPointValue, right.geoPointValue);
  }
  if (left.valueType === "arrayValue" && right.valueType === "arrayValue") {
    return compareLists(left.arrayValue.values, right.arrayValue.values);
  }
  if (left.valueType === "mapValue" && right.valueType === "mapValue") {
    return compareMaps(left.mapValue.fields, right.mapValue.fields);
  }
  return compareNumbers(left, right);
}

function compareTimestamps(left: Timestamp, right: Timestamp): number {
  const seconds = Number(left.seconds) - Number(right.seconds);
  return seconds !== 0 ? seconds : micros(left) - micros(right);
}

function micros(timestamp: Timestamp): number {
  return Math.floor(timestamp.nanos / 1000);
}

function compareGeoPoints(left: GeoPoint, right: GeoPoint): number {
  const latitude = left.latitude - right.latitude;
  return latitude !== 0 ? latitude : left.longitude - right.longitude;
}

function compareLists(left: readonly Value[], right: readonly Value[]): number {
  for (const [index, leftValue] of left.entries()) {
    const rightValue = right[index];
    if (rightValue === undefined) return 1;
    const order = compareValues(leftValue, rightValue);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Shorter vectors come first; those of equal length compare by their elements. */
function compareVectors(left: Value, right: Value): number {
  const lefts = vectorElements(left) ?? [];
  const rights = vectorElements(right) ?? [];
  return lefts.length !== rights.length
    ? lefts.length - rights.length
    : compareLists(lefts, rights);
}

/** Maps compare by their first key, then its value, then the second key, and so on. */
function compareMaps(left: Fields, right: Fields): number {
  const lefts = sortedEntries(left);
  const rights = sortedEntries(right);
  for (const [index, [leftKey, leftValue]] of lefts.entries()) {
    const rightEntry = rights[index];
    if (rightEntry === undefined) return 1;
    const order = compareUtf8(leftKey, rightEntry[0]) || compareValues(leftValue, rightEntry[1]);
    if (order !== 0) return order;
  }
  return lefts.length - rights.length;
}

function sortedEntries(fields: Fields): [string, Value][] {
  return Object.entries(fields).sort(([left], [right]) => compareUtf8(left, right));
}
