import * as z from "zod/mini";
import type { DocumentData, DocumentReference } from "../ports/database.ts";
import { NewerVersionError, TerminalError } from "../runtime/errors.ts";
import { upgradesOf } from "./collections.ts";
import { currentVersion, type Upgrade, upgrade } from "./version.ts";

/** https://grpc.io/docs/guides/status-codes/ */
const ALREADY_EXISTS = 6;

/** The field that names the version of a document's shape. */
const VERSION_FIELD = "schema_version";

/** What a transaction and a batch have in common. */
interface Writer {
  create(place: DocumentReference, fields: DocumentData): unknown;
}

/** A Firestore timestamp as a Date. Dates go in as they are. */
export const timestamp = z.pipe(
  z.custom<{ toDate(): Date }>(
    (value) => typeof (value as { toDate?: unknown } | null)?.toDate === "function",
  ),
  z.transform((value) => value.toDate()),
);

/** A stored field that may be absent or null; both read as undefined. */
export function stored<T extends z.ZodMiniType>(schema: T) {
  return z.pipe(
    z.optional(z.nullable(schema)),
    z.transform((value) => value ?? undefined),
  );
}

/**
 * Reads a document's fields, of this version or an older one. Throws TerminalError naming the document
 * and the bad fields: a broken document stays broken however often the event is delivered. Throws
 * NewerVersionError for one that later code has written.
 */
export function parseDocument<T>(path: string, schema: z.ZodMiniType<T>, data: unknown): T {
  return parseVersioned(path, { schema, upgrades: upgradesOf(path) }, data);
}

/** Reads fields of a shape as it is today and as it was. Throws as `parseDocument` does. */
export function parseVersioned<T>(
  path: string,
  { schema, upgrades }: { schema: z.ZodMiniType<T>; upgrades: readonly Upgrade[] },
  data: unknown,
): T {
  const upgraded = upgrade(data, VERSION_FIELD, upgrades);
  if (!upgraded.ok && upgraded.why === "newer") {
    throw new NewerVersionError(`Document ${path}`, upgraded.version, currentVersion(upgrades));
  }
  const result = schema.safeParse(upgraded.ok ? upgraded.fields : undefined);
  if (result.success) return result.data;
  const fields = result.error.issues.map((issue) => issue.path.join(".")).join(", ");
  throw new TerminalError(`Document ${path} is malformed in: ${fields}.`);
}

/** Makes a document with the version of its shape; the commit fails if it is there. */
export function createDocument(writer: Writer, place: DocumentReference, fields: object): void {
  writer.create(place, versioned(place, fields));
}

/** Makes a document by itself; false when it was there already, which makes a repeat harmless. */
export function createdNow(place: DocumentReference, fields: object): Promise<boolean> {
  return unlessThere(place.create(versioned(place, fields)));
}

/** Waits for a commit that makes documents; false when one was there already. */
export async function unlessThere(commit: Promise<unknown>): Promise<boolean> {
  try {
    await commit;
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === ALREADY_EXISTS) return false;
    throw error;
  }
}

function versioned(place: DocumentReference, fields: object): DocumentData {
  return { ...fields, [VERSION_FIELD]: currentVersion(upgradesOf(place.path)) };
}
