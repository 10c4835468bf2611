import { type FieldPath, formatFieldPath } from "../field-paths.ts";
import { compareUtf8 } from "../utf8.ts";
import { notValid } from "./arguments.ts";

const FORBIDDEN_IN_FIELD_PATHS = /[*~/[\]]/;

/** The ids of a path, below those of `base`. Throws what Google's client throws for a path that is none. */
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

/** The ids that a text names, without the empty ones. */
export function segmentsOf(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

/** Whether a path is that of a document, and not of a collection. */
export function isDocumentPath(path: readonly string[]): boolean {
  return path.length > 0 && path.length % 2 === 0;
}

/** The ids of a path to a document; throws when it leads to a collection. */
export function documentPath(path: unknown, base: readonly string[] = []): readonly string[] {
  const segments = resourcePath("documentPath", path, base);
  if (isDocumentPath(segments)) return segments;
  throw new Error(
    `Value for argument "documentPath" must point to a document, but was "${path}". Your path does not contain an even number of components.`,
  );
}

/** The ids of a path to a collection; throws when it leads to a document. */
export function collectionPath(path: unknown, base: readonly string[] = []): readonly string[] {
  const segments = resourcePath("collectionPath", path, base);
  if (segments.length % 2 === 1) return segments;
  throw new Error(
    `Value for argument "collectionPath" must point to a collection, but was "${path}". Your path does not contain an odd number of components.`,
  );
}

/** The names that a dotted path to a field consists of. Throws what Google's client throws for one that is none. */
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

/** Text as it comes out at the other end of the wire, where half a surrogate pair is three bytes of no meaning. */
export function asSent(text: string): string {
  return text.isWellFormed()
    ? text
    : Array.from(text, (sign) => (sign.isWellFormed() ? sign : "\ufffd\ufffd\ufffd")).join("");
}

/** Where in the input something was found, as refusals name it. */
export function foundIn([first, ...rest]: readonly string[]): string {
  if (first === undefined) return "";
  return ` (found in field "${formatFieldPath([first, ...rest])}")`;
}

/** The order of field paths, name by name; a path before those below it. */
export function compareFieldPaths(left: FieldPath, right: FieldPath): number {
  for (const [index, name] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = compareUtf8(name, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
