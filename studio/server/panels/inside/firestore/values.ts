import type { Fields, Value } from "../../../../../local/google/firestore/types.ts";

/** A stored value as the page shows it. */
export type ShownValue =
  | { readonly type: "text" | "bytes"; readonly value: string }
  /** An integer may be larger than a number of JavaScript, so it is a text. */
  | { readonly type: "integer"; readonly value: string }
  | { readonly type: "number"; readonly value: number | string }
  | { readonly type: "flag"; readonly value: boolean }
  | { readonly type: "null" }
  | { readonly type: "time"; readonly ms: number }
  /** The path of a document. */
  | { readonly type: "reference"; readonly value: string }
  | { readonly type: "place"; readonly latitude: number; readonly longitude: number }
  | { readonly type: "list"; readonly values: readonly ShownValue[] }
  | { readonly type: "record"; readonly fields: readonly ShownField[] };

/** A field with its name. */
export interface ShownField {
  readonly name: string;
  readonly value: ShownValue;
}

/** The fields of a document or record, by name. */
export function showFields(fields: Fields): ShownField[] {
  return Object.entries(fields)
    .map(([name, value]) => ({ name, value: showValue(value) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** A stored value for the page. */
export function showValue(value: Value): ShownValue {
  switch (value.valueType) {
    case "nullValue":
      return { type: "null" };
    case "booleanValue":
      return { type: "flag", value: value.booleanValue };
    case "integerValue":
      return { type: "integer", value: value.integerValue };
    case "doubleValue": {
      const { doubleValue: number } = value;
      return { type: "number", value: Number.isFinite(number) ? number : String(number) };
    }
    case "timestampValue": {
      const { seconds, nanos } = value.timestampValue;
      return { type: "time", ms: Number(seconds) * 1000 + nanos / 1e6 };
    }
    case "stringValue":
      return { type: "text", value: value.stringValue };
    case "bytesValue":
      return { type: "bytes", value: value.bytesValue.toString("base64") };
    case "referenceValue":
      return { type: "reference", value: value.referenceValue.split("/").slice(5).join("/") };
    case "geoPointValue":
      return { type: "place", ...value.geoPointValue };
    case "arrayValue":
      return { type: "list", values: value.arrayValue.values.map(showValue) };
    case "mapValue":
      return { type: "record", fields: showFields(value.mapValue.fields) };
  }
}

/** Numbers longer than this are ids. */
const MOST_DIGITS = 15;

/**
 * A value as it is typed into a filter: a number, true, false, null, a time in ISO 8601, or a text,
 * which may be in quotes. Ids are texts although they are digits.
 */
export function readTyped(typed: string): Value {
  const text = typed.trim();
  if (/^".*"$/s.test(text)) return { valueType: "stringValue", stringValue: text.slice(1, -1) };
  if (text === "null") return { valueType: "nullValue", nullValue: "NULL_VALUE" };
  if (text === "true" || text === "false") {
    return { valueType: "booleanValue", booleanValue: text === "true" };
  }
  if (/^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text))) {
    return timestamp(Date.parse(text));
  }
  if (/^-?\d+(\.\d+)?$/.test(text) && text.length <= MOST_DIGITS) return numeric(Number(text));
  return { valueType: "stringValue", stringValue: text };
}

/**
 * A value from JSON. What JSON lacks is an object with one name: `$time` in ISO 8601, `$reference`
 * with a path, `$bytes` in Base64. Throws for what cannot be stored.
 */
export function fromJson(json: unknown, rootName: string): Value {
  if (json === null) return { valueType: "nullValue", nullValue: "NULL_VALUE" };
  if (typeof json === "boolean") return { valueType: "booleanValue", booleanValue: json };
  if (typeof json === "number") return numeric(json);
  if (typeof json === "string") return { valueType: "stringValue", stringValue: json };
  if (Array.isArray(json)) {
    if (json.some(Array.isArray)) throw new Error("A list directly in a list cannot be stored.");
    const values = json.map((each) => fromJson(each, rootName));
    return { valueType: "arrayValue", arrayValue: { values } };
  }
  const entries = Object.entries(json as object);
  const [[name, value] = ["", undefined]] = entries;
  if (entries.length === 1 && typeof value === "string") {
    if (name === "$time") {
      const ms = Date.parse(value);
      if (Number.isNaN(ms)) throw new Error(`"${value}" is not a time in ISO 8601.`);
      return timestamp(ms);
    }
    if (name === "$reference") {
      return { valueType: "referenceValue", referenceValue: `${rootName}/${value}` };
    }
    if (name === "$bytes") {
      return { valueType: "bytesValue", bytesValue: Buffer.from(value, "base64") };
    }
  }
  const fields = Object.fromEntries(entries.map(([key, each]) => [key, fromJson(each, rootName)]));
  return { valueType: "mapValue", mapValue: { fields } };
}

function numeric(value: number): Value {
  return Number.isSafeInteger(value)
    ? { valueType: "integerValue", integerValue: String(value) }
    : { valueType: "doubleValue", doubleValue: value };
}

function timestamp(ms: number): Value {
  const seconds = Math.floor(ms / 1000);
  const timestampValue = {
    seconds: String(seconds),
    nanos: Math.round((ms - seconds * 1000) * 1e6),
  };
  return { valueType: "timestampValue", timestampValue };
}
