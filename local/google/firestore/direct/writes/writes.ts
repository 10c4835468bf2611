import type { DocumentData, Precondition } from "../../../../../shared/ports/database.ts";
import { type FieldPath, formatFieldPath, setField } from "../../field-paths.ts";
import type { Fields } from "../../types.ts";
import type { Precondition as StoredPrecondition, Write } from "../../writes/messages.ts";
import { isPlainObject, notPlain, notValid } from "../arguments.ts";
import type { DirectDocument } from "../document.ts";
import { asSent, compareFieldPaths, fieldPath } from "../paths.ts";
import { DirectTimestamp } from "../timestamp.ts";
import { assertUserInput, encodeFields, encodeValue } from "../values.ts";

/**
 * Each function checks its arguments immediately, in the order and with the messages of Google's
 * client. It returns a function that encodes the write on commit.
 */

const UPDATE_REFUSED =
  "Update() requires either a single JavaScript object or an alternating list of field/value pairs that can be followed by an optional precondition.";

const PLAIN = { updateMask: null, updateTransforms: [], currentDocument: null } as const;

/** A write that fails if the document exists. */
export function createWrite(document: DirectDocument, data: DocumentData): () => Write {
  const encode = setWrite(document, data);
  return () => ({ ...encode(), currentDocument: { conditionType: "exists", exists: false } });
}

/** A write that creates or replaces a document. */
export function setWrite(document: DirectDocument, data: DocumentData): () => Write {
  assertPlain("data", data);
  assertUserInput("data", data, "Firestore document");
  return () => ({
    ...PLAIN,
    operation: "update",
    update: { name: nameOf(document), fields: encodeFields(data) },
  });
}

/**
 * A write of some fields that fails if the document does not exist. A given precondition replaces
 * that check; an explicit undefined is refused, as Google's client does.
 */
export function updateWrite(
  document: DirectDocument,
  data: DocumentData,
  given: readonly (Precondition | undefined)[],
): () => Write {
  const { changes, currentDocument } = parseUpdate(data, given);
  const paths = changes.map(([path]) => path).sort(compareFieldPaths);
  for (const [index, path] of paths.entries()) {
    const next = paths[index + 1];
    if (next && path.every((name, place) => name === next[place])) {
      throw new Error(
        `${notValid("dataOrField", "update map")} Field "${formatFieldPath(path)}" was specified multiple times.`,
      );
    }
  }
  const fieldPaths = paths.map((path) => asSent(formatFieldPath(path)));
  return () => ({
    updateTransforms: [],
    operation: "update",
    update: { name: nameOf(document), fields: changedFields(changes) },
    updateMask: { fieldPaths },
    currentDocument,
  });
}

/** A write that deletes a document if it exists. */
export function deleteWrite(
  document: DirectDocument,
  precondition: Precondition | undefined,
): () => Write {
  const currentDocument =
    precondition === undefined ? null : parsePrecondition("precondition", precondition);
  return () => ({ ...PLAIN, operation: "delete", delete: nameOf(document), currentDocument });
}

interface Update {
  readonly changes: readonly (readonly [FieldPath, unknown])[];
  readonly currentDocument: StoredPrecondition | null;
}

function parseUpdate(data: DocumentData, given: readonly (Precondition | undefined)[]): Update {
  try {
    assertPlain("dataOrField", data);
    if (Object.keys(data).length === 0) throw new Error("At least one field must be updated.");
    assertUserInput("dataOrField", data, "Firestore value");
    return {
      changes: Object.entries(data).map(([key, value]) => [fieldPath(key, key), value]),
      currentDocument:
        given.length === 0
          ? { conditionType: "exists", exists: true }
          : parsePrecondition("preconditionOrValues", given[0]),
    };
  } catch (error) {
    throw new Error(`${UPDATE_REFUSED} ${error instanceof Error ? error.message : error}`);
  }
}

function parsePrecondition(argument: string, given: unknown): StoredPrecondition | null {
  if (typeof given !== "object" || given === null) throw new Error("Input is not an object.");
  const { lastUpdateTime } = given as Precondition;
  if (lastUpdateTime === undefined) return null;
  if (!(lastUpdateTime instanceof DirectTimestamp)) {
    throw new Error(
      `${notValid(argument, "precondition")} "lastUpdateTime" is not a Firestore Timestamp.`,
    );
  }
  return { conditionType: "updateTime", updateTime: lastUpdateTime.toStored() };
}

function assertPlain(argument: string, data: unknown): void {
  if (!isPlainObject(data)) throw new Error(notPlain(argument, data, ""));
}

function changedFields(changes: Update["changes"]): Fields {
  return changes.reduce<Fields>(
    (fields, [path, value]) => setField(fields, wellFormed(path), encodeValue(value)),
    {},
  );
}

function wellFormed([first, ...rest]: FieldPath): FieldPath {
  return [asSent(first), ...rest.map(asSent)];
}

function nameOf(document: DirectDocument): string {
  return asSent(document.name);
}
