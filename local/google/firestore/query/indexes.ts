import { status } from "@grpc/grpc-js";
import { NAME_FIELD } from "../field-paths.ts";
import { GrpcError } from "../grpc-error.ts";
import type { IndexConfiguration, IndexField } from "../types.ts";
import type { CompiledQuery } from "./compile.ts";
import { disjunctionsOf } from "./disjunctions.ts";
import { fieldsOf, type IndexNeed, needOf } from "./index-need.ts";
import { describeMissingIndex } from "./missing-index.ts";
import { singleFieldIndexes } from "./single-field-indexes.ts";

/**
 * Throws FAILED_PRECONDITION with the entry to add to `firestore.indexes.json` unless indexes can
 * serve the query: a single index, or several merged indexes that differ only in their first
 * fields.
 *
 * Follows https://firebase.google.com/docs/firestore/query-data/index-overview. Where that page
 * does not say which indexes can be merged, the query is accepted.
 */
export function assertIndexed(query: CompiledQuery, configuration: IndexConfiguration): void {
  const { collectionId, queryScope } = query.scope;
  const composites = configuration.indexes
    .filter((index) => index.collectionGroup === collectionId && index.queryScope === queryScope)
    .map((index) => index.fields);
  for (const conjunction of disjunctionsOf(query.condition)) {
    const need = needOf(conjunction, query.sortKeys);
    const automatic = fieldsOf(need).flatMap((fieldPath) =>
      singleFieldIndexes(query.scope, fieldPath, configuration.fieldOverrides),
    );
    if (!isServed(need, [ONLY_NAMES, ...automatic.map((field) => [field]), ...composites])) {
      const message = describeMissingIndex(query.scope, need, configuration.fieldOverrides);
      throw new GrpcError(status.FAILED_PRECONDITION, message);
    }
  }
}

/** The documents themselves, which are sorted by name. */
const ONLY_NAMES: readonly IndexField[] = [];

/** Whether the indexes in the right order together contain all compared fields. */
function isServed(need: IndexNeed, indexes: readonly (readonly IndexField[])[]): boolean {
  const usable = indexes.flatMap((fields) => {
    const first = usablePrefix(need, fields);
    return first === null ? [] : [first];
  });
  const has = (fieldPath: string, mode: "order" | "arrayConfig") =>
    usable.some((first) =>
      first.some((field) => field.fieldPath === fieldPath && field[mode] !== undefined),
    );
  return (
    usable.length > 0 &&
    [...need.equal].every((fieldPath) => has(fieldPath, "order")) &&
    [...need.contained].every((fieldPath) => has(fieldPath, "arrayConfig"))
  );
}

/** The fields of an index before its sorted ones, or null if the index cannot be used. */
function usablePrefix(
  need: IndexNeed,
  indexFields: readonly IndexField[],
): readonly IndexField[] | null {
  const { fields, nameDescending } = splitName(indexFields);
  const firstSorted = fields.length - need.sorted.length;
  if (firstSorted < 0) return null;
  const prefix = fields.slice(0, firstSorted);
  if (!prefix.every((field) => isCompared(need, field))) return null;

  const turns = [turn(nameDescending, need.nameDescending)];
  for (const [position, { fieldPath, descending }] of need.sorted.entries()) {
    const field = fields[firstSorted + position];
    if (field?.fieldPath !== fieldPath || field.order === undefined) return null;
    turns.push(turn(field.order === "DESCENDING", descending));
  }
  // An index of only names is the documents themselves, which can only be scanned forwards.
  if (fields.length === 0) turns.push("forwards");
  return new Set(turns).size === 1 ? prefix : null;
}

function isCompared(need: IndexNeed, field: IndexField): boolean {
  if (field.order !== undefined) return need.equal.has(field.fieldPath);
  return field.arrayConfig !== undefined && need.contained.has(field.fieldPath);
}

/** An index can be scanned from either end, but only as a whole. */
function turn(indexDescending: boolean, descending: boolean): "forwards" | "backwards" {
  return indexDescending === descending ? "forwards" : "backwards";
}

/** Every index ends with the name, by default in the direction of the field before it. */
function splitName(indexFields: readonly IndexField[]): {
  fields: readonly IndexField[];
  nameDescending: boolean;
} {
  const last = indexFields.at(-1);
  return {
    fields: last?.fieldPath === NAME_FIELD ? indexFields.slice(0, -1) : indexFields,
    nameDescending: last?.order === "DESCENDING",
  };
}
