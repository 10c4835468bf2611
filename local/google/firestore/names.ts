import { invalidArgument } from "./grpc-error.ts";
import { compareUtf8 } from "./values/utf8.ts";

/** The parts of a resource name: its database, and alternating collection and document ids. */
export interface ResourceName {
  readonly project: string;
  readonly database: string;
  /** Alternating collection and document ids; empty for the root. */
  readonly segments: readonly string[];
}

/** https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields */
const MAX_ID_BYTES = 1500;
const MAX_NAME_BYTES = 6 * 1024;
/** Maximum number of nested collections. */
const MAX_DEPTH = 100;

const DATABASE_NAME = /^projects\/([^/]+)\/databases\/([^/]+)$/;
const ROOT_NAME = /^projects\/([^/]+)\/databases\/([^/]+)\/documents(?:\/(.*))?$/s;
const NUMERIC_ID = /^__id(-?[1-9]\d*)__$/;
const RESERVED_ID = /^__.+__$/s;

/** Parses `projects/P/databases/D`. Throws INVALID_ARGUMENT for anything else. */
export function parseDatabaseName(name: string): { project: string; database: string } {
  const [, project, database] = DATABASE_NAME.exec(name) ?? [];
  if (project === undefined || database === undefined) {
    throw invalidArgument(`Invalid database name: "${name}".`);
  }
  return { project, database };
}

/** Parses a document's name. Throws INVALID_ARGUMENT when it or one of its ids is invalid. */
export function parseDocumentName(name: string): ResourceName {
  const parsed = parseResourceName(name);
  if (parsed.segments.length === 0 || parsed.segments.length % 2 !== 0) {
    throw invalidArgument(`Document name "${name}" has invalid trailing or missing segments.`);
  }
  return parsed;
}

/**
 * Parses the parent name of collections: a document's or the root's. Throws INVALID_ARGUMENT
 * otherwise.
 */
export function parseParentName(name: string): ResourceName {
  const parsed = parseResourceName(name);
  if (parsed.segments.length % 2 !== 0) {
    throw invalidArgument(`Parent name "${name}" is not that of a document or of the root.`);
  }
  return parsed;
}

/** Throws INVALID_ARGUMENT for an invalid collection id. */
export function assertCollectionId(id: string): void {
  if (id.includes("/")) throw invalidArgument(`Collection id "${id}" contains a slash.`);
  assertId(id, id);
}

/** The root's name in the database of this name. */
export function rootName(name: Pick<ResourceName, "project" | "database">): string {
  return `projects/${name.project}/databases/${name.database}/documents`;
}

/**
 * Compares names in Firestore's order, negative when `left` comes first. Ids are compared one by
 * one: numeric ids (`__id7__`) come first, others by their UTF-8 bytes; a parent precedes its
 * descendants.
 */
export function compareNames(left: string, right: string): number {
  if (left === right) return 0;
  const lefts = left.split("/");
  const rights = right.split("/");
  for (const [index, leftId] of lefts.entries()) {
    const rightId = rights[index];
    if (rightId === undefined) return 1;
    const order = compareIds(leftId, rightId);
    if (order !== 0) return order;
  }
  return lefts.length - rights.length;
}

function compareIds(left: string, right: string): number {
  const leftNumber = NUMERIC_ID.exec(left)?.[1];
  const rightNumber = NUMERIC_ID.exec(right)?.[1];
  if (leftNumber !== undefined && rightNumber !== undefined) {
    const difference = BigInt(leftNumber) - BigInt(rightNumber);
    if (difference !== 0n) return difference < 0n ? -1 : 1;
  } else if (leftNumber !== undefined) {
    return -1;
  } else if (rightNumber !== undefined) {
    return 1;
  }
  return compareUtf8(left, right);
}

function parseResourceName(name: string): ResourceName {
  const [, project, database, path] = ROOT_NAME.exec(name) ?? [];
  if (project === undefined || database === undefined) {
    throw invalidArgument(`Invalid resource name: "${name}".`);
  }
  const segments = path === undefined ? [] : path.split("/");
  for (const id of segments) assertId(id, name);
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    throw invalidArgument(`A document name is longer than ${MAX_NAME_BYTES} bytes.`);
  }
  if (segments.length > 2 * MAX_DEPTH) {
    throw invalidArgument(`A document lies below more than ${MAX_DEPTH} collections.`);
  }
  return { project, database, segments };
}

function assertId(id: string, whole: string): void {
  if (id === "") throw invalidArgument(`Name "${whole}" has an empty id.`);
  if (id === "." || id === "..") throw invalidArgument(`Name "${whole}" has the id "${id}".`);
  if (Buffer.byteLength(id) > MAX_ID_BYTES) {
    throw invalidArgument(`An id is longer than ${MAX_ID_BYTES} bytes.`);
  }
  if (RESERVED_ID.test(id) && !isNumericId(id)) {
    throw invalidArgument(`Resource id "${id}" is invalid because it is reserved.`);
  }
}

function isNumericId(id: string): boolean {
  const digits = NUMERIC_ID.exec(id)?.[1];
  return digits !== undefined && BigInt.asIntN(64, BigInt(digits)) === BigInt(digits);
}
