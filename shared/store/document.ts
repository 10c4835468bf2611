import * as z from "zod/mini";
import { TerminalError } from "../runtime/errors.ts";

/** gRPC status 6: https://grpc.io/docs/guides/status-codes/ */
const ALREADY_EXISTS = 6;

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
 * Reads a document's fields. Throws TerminalError naming the document and the bad fields: a broken
 * document stays broken however often the event is delivered.
 */
export function parseDocument<T>(path: string, schema: z.ZodMiniType<T>, data: unknown): T {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const fields = result.error.issues.map((issue) => issue.path.join(".")).join(", ");
  throw new TerminalError(`Document ${path} is malformed in: ${fields}.`);
}

/** Longer than any bank's dispute, which looks up what the buyer was told, and than any repeat. */
const REMEMBERED_MS = 2 * 365 * 24 * 3_600_000;

/** When the database may delete what is only kept to know a repeat again, by a policy on this field. */
export function expiresAt(now: Date): Date {
  return new Date(now.getTime() + REMEMBERED_MS);
}

/** Runs a `create`; false when the document was there already, which makes a repeat harmless. */
export async function createdNow(create: Promise<unknown>): Promise<boolean> {
  try {
    await create;
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === ALREADY_EXISTS) return false;
    throw error;
  }
}
