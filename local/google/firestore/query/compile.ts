import { status } from "@grpc/grpc-js";
import { type FieldPath, formatFieldPath, NAME_FIELD, parseFieldPath } from "../field-paths.ts";
import { GrpcError, invalidArgument } from "../grpc-error.ts";
import type { Cursor, FieldReference, Order, StructuredQuery, Value } from "../types.ts";
import { compareUtf8 } from "../values/utf8.ts";
import { assertCombination, isInequality } from "./combinations.ts";
import {
  assertDocumentReference,
  assertTyped,
  comparisonsOf,
  compileCondition,
  sameField,
} from "./compile-condition.ts";
import { type Condition, isNameField } from "./condition.ts";
import { compileScope, type Scope } from "./scope.ts";

/** One sort key of a query. */
export interface SortKey {
  readonly field: FieldPath;
  readonly descending: boolean;
}

/**
 * A position in a query's order, just before or just after the documents that begin with these
 * keys.
 */
export interface Position {
  readonly values: readonly Value[];
  readonly before: boolean;
}

/** A validated query with its implicit parts made explicit. */
export interface CompiledQuery {
  readonly scope: Scope;
  readonly condition: Condition | null;
  /** All sort keys, including implicit ones; the last is always the name. */
  readonly sortKeys: readonly SortKey[];
  readonly startAt: Position | null;
  readonly endAt: Position | null;
  readonly offset: number;
  /** The maximum number of results; Infinity for all. */
  readonly limit: number;
  /** The fields to return; null for all. */
  readonly projection: readonly FieldPath[] | null;
}

/**
 * Validates a query and makes its implicit parts explicit. `aggregated` names fields that are
 * summed or averaged over the results: Firestore reads them from an index, so the query also sorts
 * by them. Throws INVALID_ARGUMENT for what Firestore refuses regardless of the data, UNIMPLEMENTED
 * for vector searches.
 */
export function compileQuery(
  parent: string,
  query: StructuredQuery,
  aggregated: readonly FieldPath[] = [],
): CompiledQuery {
  if (query.findNearest !== null) {
    throw new GrpcError(status.UNIMPLEMENTED, "Vector searches are not supported.");
  }
  const scope = compileScope(parent, query.from);
  const condition = query.where === null ? null : compileCondition(query.where, parent);
  const explicitKeys = query.orderBy.map(compileOrder);
  assertSortKeys(explicitKeys);
  assertCombination(scope, condition, explicitKeys);
  assertNotNegative(query.offset, "offset");
  assertNotNegative(query.limit?.value ?? 0, "limit");
  return {
    scope,
    condition,
    sortKeys: withImpliedKeys(explicitKeys, condition, aggregated),
    startAt: compileCursor(query.startAt, explicitKeys, parent),
    endAt: compileCursor(query.endAt, explicitKeys, parent),
    offset: query.offset,
    limit: query.limit?.value ?? Number.POSITIVE_INFINITY,
    projection: query.select === null ? null : query.select.fields.map(compileReference),
  };
}

function compileReference(reference: FieldReference): FieldPath {
  return parseFieldPath(reference.fieldPath);
}

function compileOrder({ field, direction }: Order): SortKey {
  return {
    field: parseFieldPath(field?.fieldPath ?? ""),
    descending: direction === "DESCENDING",
  };
}

function assertSortKeys(keys: readonly SortKey[]): void {
  for (const [index, { field }] of keys.entries()) {
    if (keys.findIndex((other) => sameField(other.field, field)) < index) {
      throw invalidArgument(
        `order by clause cannot contain duplicate fields ${formatFieldPath(field)}`,
      );
    }
    if (isNameField(field) && index < keys.length - 1) {
      throw invalidArgument("order by clause cannot contain more fields after __name__");
    }
  }
}

/**
 * Implicit keys follow the explicit ones: the inequality fields in the order of their names, the
 * aggregated fields, and the name as a tie-breaker, all in the direction of the last explicit key.
 * Throws for aggregated fields in a query that compares the name, because no index has fields after
 * the name.
 */
function withImpliedKeys(
  explicit: readonly SortKey[],
  condition: Condition | null,
  aggregated: readonly FieldPath[],
): readonly SortKey[] {
  const descending = explicit.at(-1)?.descending ?? false;
  const keys = [...explicit];
  const comparisons = comparisonsOf(condition);
  const comparesName = comparisons.some((comparison) => isNameField(comparison.field));
  const compared = comparisons
    .filter((comparison) => isInequality(comparison.operator))
    .map((comparison) => comparison.field)
    .filter((field) => !isNameField(field))
    .sort(compareFields);
  for (const field of [...compared, ...aggregated, NAME_PATH]) {
    if (keys.some((key) => sameField(key.field, field))) continue;
    const isBehindName = comparesName && aggregated.includes(field);
    if (isBehindName || keys.some((key) => isNameField(key.field))) {
      throw invalidArgument("order by clause cannot contain more fields after __name__");
    }
    keys.push({ field, descending });
  }
  return keys;
}

const NAME_PATH: FieldPath = [NAME_FIELD];

function compareFields(left: FieldPath, right: FieldPath): number {
  for (const [index, name] of left.entries()) {
    const order = compareUtf8(name, right[index] ?? "");
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compileCursor(
  cursor: Cursor | null,
  keys: readonly SortKey[],
  parent: string,
): Position | null {
  if (cursor === null) return null;
  if (cursor.values.length > keys.length) throw invalidArgument("Cursor has too many values.");
  for (const [index, value] of cursor.values.entries()) {
    assertTyped(value);
    if (keys[index] !== undefined && isNameField(keys[index].field)) {
      assertDocumentReference(value, parent, "Cursor __name__ value is not a document reference.");
    }
  }
  return { values: cursor.values, before: cursor.before };
}

function assertNotNegative(amount: number, what: string): void {
  if (amount < 0) throw invalidArgument(`${what} is negative`);
}
