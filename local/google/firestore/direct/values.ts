import { isUint8Array } from "node:util/types";
import type { Fields, Value } from "../types.ts";
import { isPlainObject, notPlain, notValid } from "./arguments.ts";
import type { DirectFirestore } from "./direct-firestore.ts";
import { DirectDocument } from "./document.ts";
import { asSent, foundIn, segmentsOf } from "./paths.ts";
import { DirectTimestamp } from "./timestamp.ts";

const MAX_DEPTH = 20;

/**
 * Throws for input that Google's client refuses: undefined, class instances and excessive nesting.
 * Functions and the like are only detected on encoding.
 */
export function assertUserInput(
  argument: string | number,
  value: unknown,
  kind: string,
  at: readonly string[] = [],
): void {
  if (at.length - 1 > MAX_DEPTH) {
    throw new Error(
      `${notValid(argument, kind)} Input object is deeper than ${MAX_DEPTH} levels or contains a cycle.`,
    );
  }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      assertUserInput(argument, item, kind, [...at, String(index)]);
    }
  } else if (isPlainObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      if (name === "") throw new Error("Element at index 0 should not be an empty string.");
      assertUserInput(argument, item, kind, [...at, name]);
    }
  } else if (value === undefined) {
    throw new Error(
      `${notValid(argument, kind)} Cannot use "undefined" as a Firestore value${foundIn(at)}. If you want to ignore undefined values, enable \`ignoreUndefinedProperties\`.`,
    );
  } else if (typeof value === "object" && value !== null && !isStorable(value)) {
    throw new Error(notPlain(argument, value, foundIn(at)));
  }
}

/** Encodes an object's fields for storage. */
export function encodeFields(data: Readonly<Record<string, unknown>>): Fields {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [asSent(name), encodeValue(value)]),
  );
}

/** Encodes a value for storage. Throws for values that cannot be stored, such as functions. */
export function encodeValue(value: unknown): Value {
  switch (typeof value) {
    case "string":
      return { valueType: "stringValue", stringValue: asSent(value) };
    case "boolean":
      return { valueType: "booleanValue", booleanValue: value };
    case "number":
      return Number.isSafeInteger(value) && !Object.is(value, -0)
        ? { valueType: "integerValue", integerValue: String(value) }
        : { valueType: "doubleValue", doubleValue: value };
    case "bigint":
      return { valueType: "integerValue", integerValue: String(value) };
    case "object":
      return encodeObject(value);
    default:
      throw new Error(`Cannot encode value: ${value}`);
  }
}

/** Decodes stored fields into a copy. */
export function decodeFields(firestore: DirectFirestore, fields: Fields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, decodeValue(firestore, value)]),
  );
}

/** Decodes a stored value into a copy. */
export function decodeValue(firestore: DirectFirestore, value: Value): unknown {
  switch (value.valueType) {
    case "nullValue":
      return null;
    case "booleanValue":
      return value.booleanValue;
    case "integerValue":
      return Number(value.integerValue);
    case "doubleValue":
      return value.doubleValue;
    case "timestampValue":
      return DirectTimestamp.fromStored(value.timestampValue);
    case "stringValue":
      return value.stringValue;
    case "bytesValue":
      return Buffer.from(value.bytesValue);
    case "referenceValue":
      return new DirectDocument(
        firestore,
        segmentsOf(value.referenceValue.slice(firestore.rootName.length)),
      );
    case "arrayValue":
      return value.arrayValue.values.map((item) => decodeValue(firestore, item));
    case "mapValue":
      return decodeFields(firestore, value.mapValue.fields);
    case "geoPointValue":
      throw new Error("The database port does not support GeoPoints.");
  }
}

function encodeObject(value: object | null): Value {
  if (value === null) return { valueType: "nullValue", nullValue: "NULL_VALUE" };
  if (value instanceof Date) return timestampValue(DirectTimestamp.fromDate(value));
  if (value instanceof DirectTimestamp) return timestampValue(value);
  if (value instanceof DirectDocument) {
    return { valueType: "referenceValue", referenceValue: value.name };
  }
  if (isUint8Array(value)) return { valueType: "bytesValue", bytesValue: Buffer.from(value) };
  if (Array.isArray(value)) {
    return { valueType: "arrayValue", arrayValue: { values: value.map(encodeValue) } };
  }
  if (!isPlainObject(value)) throw new Error(`Cannot encode value: ${value}`);
  return { valueType: "mapValue", mapValue: { fields: encodeFields(value) } };
}

function timestampValue(timestamp: DirectTimestamp): Value {
  return { valueType: "timestampValue", timestampValue: timestamp.toStored() };
}

function isStorable(value: object): boolean {
  return (
    value instanceof DirectDocument ||
    value instanceof DirectTimestamp ||
    value instanceof Date ||
    isUint8Array(value)
  );
}
