import { assertPathLength } from "../field-paths.ts";
import { invalidArgument } from "../grpc-error.ts";
import { parseDocumentName } from "../names.ts";
import type { ArrayValue, Fields, GeoPoint, MapValue, Timestamp, Value } from "../types.ts";
import { innerFields } from "../values/values.ts";

/** https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields */
const MAX_FIELD_NAME_BYTES = 1500;
const MAX_FIELD_VALUE_BYTES = 1_048_487;
const MAX_NESTING = 20;
/** https://firebase.google.com/docs/firestore/vector-search#limitations */
const MAX_VECTOR_DIMENSIONS = 2048;

/** From 0001-01-01 to 9999-12-31, the range of a protobuf timestamp. */
const MIN_SECONDS = -62_135_596_800;
const MAX_SECONDS = 253_402_300_799;
const MAX_NANOS = 999_999_999;
const NANOS_PER_MICRO = 1000;

const RESERVED_NAME = /^__.*__$/s;
const VECTOR_TYPE_FIELD = "__type__";
const VECTOR_TYPE = "__vector__";

/**
 * A document's fields as stored, timestamps truncated to microseconds. Throws INVALID_ARGUMENT for
 * what Firestore does not store.
 */
export function checkFields(fields: Fields): Fields {
  return mapFields(fields, (value, name) => checkValue(value, name, 0));
}

/** The elements of an array transform as stored. Throws like `checkFields`. */
export function checkElements(array: ArrayValue, property: string): readonly Value[] {
  return array.values.map((value) => checkElement(value, property, 1));
}

/**
 * Throws INVALID_ARGUMENT when maps and arrays are nested too deeply, which a transform can cause,
 * or when a field's path is too long.
 */
export function assertNesting(fields: Fields): void {
  for (const [property, value] of Object.entries(fields)) {
    if (nestingOf(value) > MAX_NESTING) throw nestedTooDeep(property);
  }
  assertPathLength(longestPath(fields));
}

/** The length in bytes of the longest field path, dots included. */
function longestPath(fields: Fields): number {
  let longest = 0;
  for (const [name, value] of Object.entries(fields)) {
    const inner = innerFields(value);
    const below = inner === undefined ? 0 : longestPath(inner);
    const bytes = Buffer.byteLength(name) + (below > 0 ? 1 + below : 0);
    longest = Math.max(longest, bytes);
  }
  return longest;
}

function nestingOf(value: Value): number {
  if (value.valueType === "mapValue") return 1 + deepest(Object.values(value.mapValue.fields));
  if (value.valueType === "arrayValue") return 1 + deepest(value.arrayValue.values);
  return 0;
}

function deepest(values: readonly Value[]): number {
  return values.reduce((depth, value) => Math.max(depth, nestingOf(value)), 0);
}

function mapFields(fields: Fields, check: (value: Value, name: string) => Value): Fields {
  const checked: Record<string, Value> = {};
  for (const [name, value] of Object.entries(fields)) {
    assertFieldName(name);
    checked[name] = check(value, name);
  }
  return checked;
}

function assertFieldName(name: string): void {
  if (name === "") throw invalidArgument("The property.name is the empty string.");
  if (Buffer.byteLength(name) > MAX_FIELD_NAME_BYTES) {
    throw invalidArgument(`The property.name is longer than ${MAX_FIELD_NAME_BYTES} bytes.`);
  }
  if (RESERVED_NAME.test(name)) throw invalidArgument(`field name ${name} is reserved`);
}

function checkValue(value: Value, property: string, depth: number): Value {
  if (depth > MAX_NESTING) throw nestedTooDeep(property);
  switch (value.valueType) {
    case "nullValue":
    case "booleanValue":
    case "integerValue":
    case "doubleValue":
      return value;
    case "timestampValue":
      return { ...value, timestampValue: checkTimestamp(value.timestampValue) };
    case "stringValue":
      assertLength(Buffer.byteLength(value.stringValue), property);
      return value;
    case "bytesValue":
      assertLength(value.bytesValue.length, property);
      return value;
    case "referenceValue":
      parseDocumentName(value.referenceValue);
      return value;
    case "geoPointValue":
      assertGeoPoint(value.geoPointValue);
      return value;
    case "arrayValue":
      return {
        ...value,
        arrayValue: {
          values: value.arrayValue.values.map((item) => checkElement(item, property, depth + 1)),
        },
      };
    case "mapValue":
      return { ...value, mapValue: checkMap(value.mapValue, property, depth) };
    default:
      throw invalidArgument("Cannot convert firestore.v1.Value with type unset.");
  }
}

function checkElement(value: Value, property: string, depth: number): Value {
  if (value.valueType === "arrayValue") {
    throw invalidArgument("Cannot convert an array value in an array value.");
  }
  return checkValue(value, property, depth);
}

function checkMap(map: MapValue, property: string, depth: number): MapValue {
  if (Object.hasOwn(map.fields, VECTOR_TYPE_FIELD)) return checkVector(map, property);
  return { fields: mapFields(map.fields, (value) => checkValue(value, property, depth + 1)) };
}

function checkVector(map: MapValue, property: string): MapValue {
  const { [VECTOR_TYPE_FIELD]: type, value, ...others } = map.fields;
  const isVector = type?.valueType === "stringValue" && type.stringValue === VECTOR_TYPE;
  if (!isVector || value?.valueType !== "arrayValue" || Object.keys(others).length > 0) {
    throw invalidArgument(`Property ${property} contains an invalid nested entity.`);
  }
  const { values } = value.arrayValue;
  if (values.some((element) => element.valueType !== "doubleValue")) {
    throw invalidArgument("Vector must only contain values of type 'double'");
  }
  if (values.length > MAX_VECTOR_DIMENSIONS) {
    throw invalidArgument(`A vector cannot have more than ${MAX_VECTOR_DIMENSIONS} dimensions.`);
  }
  return map;
}

function checkTimestamp({ seconds, nanos }: Timestamp): Timestamp {
  const whole = Number(seconds);
  if (whole < MIN_SECONDS || whole > MAX_SECONDS || nanos < 0 || nanos > MAX_NANOS) {
    throw invalidArgument("Timestamp seconds exceeds limit for field.");
  }
  return { seconds, nanos: nanos - (nanos % NANOS_PER_MICRO) };
}

function assertGeoPoint({ latitude, longitude }: GeoPoint): void {
  if (!(Math.abs(latitude) <= 90)) {
    throw invalidArgument(
      `Geo point latitude '${latitude}' outside permitted range -90.0 to 90.0.`,
    );
  }
  if (!(Math.abs(longitude) <= 180)) {
    throw invalidArgument(
      `Geo point longitude '${longitude}' outside permitted range -180.0 to 180.0.`,
    );
  }
}

function assertLength(bytes: number, property: string): void {
  if (bytes <= MAX_FIELD_VALUE_BYTES) return;
  throw invalidArgument(
    `The value of property "${property}" is longer than ${MAX_FIELD_VALUE_BYTES} bytes.`,
  );
}

function nestedTooDeep(property: string): Error {
  return invalidArgument(`Property ${property} contains an invalid nested entity.`);
}
