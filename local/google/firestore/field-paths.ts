import { invalidArgument } from "./grpc-error.ts";
import type { Fields, Value } from "./types.ts";
import { innerFields } from "./values/values.ts";

/** The unescaped names from a document's root to a field; never empty. */
export type FieldPath = readonly [string, ...string[]];

const SIMPLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const SEGMENT = /([A-Za-z_][A-Za-z0-9_]*)|`((?:[^`\\]|\\[\\`])+)`/y;
const RESERVED_NAME = /^__.*__$/s;

/** https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields */
const MAX_PATH_BYTES = 1500;

/** The pseudo-field for a document's name in queries. */
export const NAME_FIELD = "__name__";

/**
 * Parses a path's wire format: names joined by dots; names that are not plain words are in
 * backticks, with `` \` `` and `\\` as escapes. Throws INVALID_ARGUMENT for anything else, for
 * reserved names (`__…__`) other than a outsideTransaction `__name__`, and for paths that are too long.
 */
export function parseFieldPath(text: string): FieldPath {
  const names: string[] = [];
  let position = 0;
  do {
    SEGMENT.lastIndex = position;
    const found = SEGMENT.exec(text);
    if (found === null) throw invalidArgument(`Invalid property path "${text}".`);
    names.push(found[1] ?? (found[2] ?? "").replace(/\\(.)/g, "$1"));
    position = SEGMENT.lastIndex + 1;
  } while (text[position - 1] === ".");
  const [first, ...rest] = names;
  if (first === undefined || position <= text.length) {
    throw invalidArgument(`Invalid property path "${text}".`);
  }
  const reserved = text === NAME_FIELD ? undefined : names.find((name) => RESERVED_NAME.test(name));
  if (reserved !== undefined) {
    throw invalidArgument(`Invalid reserved name in field path ${reserved}`);
  }
  assertPathLength(Buffer.byteLength(names.join(".")));
  return [first, ...rest];
}

/** Throws INVALID_ARGUMENT when a path, dots included, is too long. */
export function assertPathLength(bytes: number): void {
  if (bytes <= MAX_PATH_BYTES) return;
  throw invalidArgument(`A property path is longer than ${MAX_PATH_BYTES} bytes.`);
}

/** Formats a path in the format that `parseFieldPath` parses. */
export function formatFieldPath(path: FieldPath): string {
  return path
    .map((name) => (SIMPLE_NAME.test(name) ? name : `\`${name.replace(/[\\`]/g, "\\$&")}\``))
    .join(".");
}

/** The value at a path, or undefined if the document has none. */
export function getField(fields: Fields, path: FieldPath): Value | undefined {
  let value: Value | undefined;
  let inner: Fields | undefined = fields;
  for (const name of path) {
    if (inner === undefined) return undefined;
    value = own(inner, name);
    inner = innerFields(value);
  }
  return value;
}

/**
 * A copy of the fields with the value at a path replaced. Values on the way that are not maps
 * become maps.
 */
export function setField(fields: Fields, path: FieldPath, value: Value): Fields {
  const [first, next, ...rest] = path;
  if (next === undefined) return { ...fields, [first]: value };
  const child = own(fields, first);
  const inner = innerFields(child) ?? {};
  return { ...fields, [first]: mapOf(setField(inner, [next, ...rest], value)) };
}

/**
 * A copy of the fields without the one at a path, or the same object if it has none. Maps that
 * become empty stay.
 */
export function deleteField(fields: Fields, path: FieldPath): Fields {
  const [first, next, ...rest] = path;
  const child = own(fields, first);
  if (child === undefined) return fields;
  if (next === undefined) {
    const { [first]: _removed, ...others } = fields;
    return others;
  }
  const inner = innerFields(child);
  if (inner === undefined) return fields;
  const left = deleteField(inner, [next, ...rest]);
  return left === inner ? fields : { ...fields, [first]: mapOf(left) };
}

function own(fields: Fields, name: string): Value | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function mapOf(fields: Fields): Value {
  return { valueType: "mapValue", mapValue: { fields } };
}
