import { type FieldPath, parseFieldPath } from "../field-paths.ts";
import { invalidArgument } from "../grpc-error.ts";
import { parseDocumentName } from "../names.ts";
import type { Fields } from "../types.ts";
import { checkFields } from "./check-value.ts";
import type { Precondition, Write } from "./messages.ts";
import { compileTransform, type Transform } from "./transforms.ts";

/**
 * Per document and commit:
 * https://firebase.google.com/docs/firestore/quotas#writes_and_transactions
 */
const MAX_TRANSFORMS = 500;

/** A validated write, ready to be applied. */
export interface CompiledWrite {
  readonly name: string;
  /** The new fields and the mask; null deletes the document. */
  readonly content: { readonly fields: Fields; readonly mask: readonly FieldPath[] | null } | null;
  readonly transforms: readonly Transform[];
  readonly precondition: Precondition | null;
}

/**
 * Validates the writes of one request. Throws INVALID_ARGUMENT for what Firestore refuses
 * regardless of the stored data: invalid names, fields, values, masks and transforms, and documents
 * of another database.
 */
export function compileWrites(database: string, writes: readonly Write[]): CompiledWrite[] {
  const compiledWrites = writes.map((write) => {
    const compiled = compileWrite(write);
    parseDocumentName(compiled.name);
    if (!compiled.name.startsWith(`${database}/documents/`)) {
      // Google's emulator accepts this, but a request is bound to one database:
      // https://firebase.google.com/docs/firestore/reference/rpc/google.firestore.v1#commitrequest
      throw invalidArgument(`Document "${compiled.name}" is not in database "${database}".`);
    }
    return compiled;
  });
  assertFewTransforms(compiledWrites);
  return compiledWrites;
}

function assertFewTransforms(writes: readonly CompiledWrite[]): void {
  const counts = new Map<string, number>();
  for (const { name, transforms } of writes) {
    const count = (counts.get(name) ?? 0) + transforms.length;
    if (count > MAX_TRANSFORMS) {
      throw invalidArgument(`Document "${name}" has more than ${MAX_TRANSFORMS} transforms.`);
    }
    counts.set(name, count);
  }
}

function compileWrite(write: Write): CompiledWrite {
  const precondition = write.currentDocument;
  const masked = write.updateMask?.fieldPaths.map(parseFieldPath) ?? null;
  const transforms = write.updateTransforms.map(compileTransform);
  switch (write.operation) {
    case "update": {
      const content = { fields: checkFields(write.update.fields), mask: masked };
      return { name: write.update.name, content, transforms, precondition };
    }
    case "delete":
      return { name: write.delete, content: null, transforms: [], precondition };
    case "transform":
      return {
        name: write.transform.document,
        content: { fields: {}, mask: [] },
        transforms: write.transform.fieldTransforms.map(compileTransform),
        precondition,
      };
    default:
      throw invalidArgument("empty write operation");
  }
}
