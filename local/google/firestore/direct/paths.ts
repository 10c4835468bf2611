import { type FieldPath, formatFieldPath } from "../field-paths.ts";
import { compareUtf8 } from "../values/utf8.ts";
import { notValid } from "./arguments.ts";

const FORBIDDEN_IN_FIELD_PATHS = /[*~/[\]]/;

/**
 * The segments of a path, appended to those of `base`. Throws the error of Google's client for an
 * invalid path.
 */
export function resourcePath(
  argument: string,
  path: unknown,
  base: readonly string[] = [],
): readonly string[] {
  if (typeof path !== "string" || path === "") {
    throw new Error(`${notValid(argument, "resource path")} Path must be a non-empty string.`);
  }
  if (path.includes("//")) {
    throw new Error(`${notValid(argument, "resource path")} Paths must not contain //.`);
  }
  return [...base, ...segmentsOf(path)];
}

/** Splits a path into its non-empty segments. */
export function segmentsOf(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

/** Whether a path leads to a document rather than a collection. */
export function isDocumentPath(path: readonly string[]): boolean {
  return path.length > 0 && path.length % 2 === 0;
}

/** The segments of a document path. Throws for a collection path. */
export function documentPath(path: unknown, base: readonly string[] = []): readonly string[] {
  const segments = resourcePath("documentPath", path, base);
  if (isDocumentPath(segments)) return segments;
  throw new Error(
    `Value for argument "documentPath" must point to a document, but was "${path}". Your path does not contain an even number of components.`,
  );
}

/** The segments of a collection path. Throws for a document path. */
export function collectionPath(path: unknown, base: readonly string[] = []): readonly string[] {
  const segments = resourcePath("collectionPath", path, base);
  if (segments.length % 2 === 1) return segments;
  throw new Error(
    `Value for argument "collectionPath" must point to a collection, but was "${path}". Your path does not contain an odd number of components.`,
  );
}

/** Splits a dotted field path. Throws the error of Google's client for an invalid path. */
export function fieldPath(argument: string | number, path: unknown): FieldPath {
  const refused = notValid(argument, "field path");
  if (path === undefined) throw new Error(`${refused} The path cannot be omitted.`);
  if (typeof path !== "string") {
    throw new Error(`${refused} Paths can only be specified as strings or via a FieldPath object.`);
  }
  if (path.includes("..")) throw new Error(`${refused} Paths must not contain ".." in them.`);
  if (path.startsWith(".") || path.endsWith(".")) {
    throw new Error(`${refused} Paths must not start or end with ".".`);
  }
  if (path === "" || FORBIDDEN_IN_FIELD_PATHS.test(path)) {
    throw new Error(`${refused} Paths can't be empty and must not contain\n    "*~/[]".`);
  }
  const [first = path, ...rest] = path.split(".");
  return [first, ...rest];
}

/**
 * The text after transport: an unpaired surrogate takes three invalid bytes, each of which is
 * decoded as a replacement character.
 */
export function asSent(text: string): string {
  return text.isWellFormed()
    ? text
    : Array.from(text, (sign) => (sign.isWellFormed() ? sign : "\ufffd\ufffd\ufffd")).join("");
}

/** Where in the input an error is, for its message. */
export function foundIn([first, ...rest]: readonly string[]): string {
  if (first === undefined) return "";
  return ` (found in field "${formatFieldPath([first, ...rest])}")`;
}

/** Compares field paths name by name; a path precedes those below it. */
export function compareFieldPaths(left: FieldPath, right: FieldPath): number {
  for (const [index, name] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = compareUtf8(name, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
