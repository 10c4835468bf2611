import { formatFieldPath } from "../field-paths.ts";
import { invalidArgument } from "../grpc-error.ts";
import { parseParentName } from "../names.ts";
import type { SortKey } from "./compile.ts";
import { comparisonsOf } from "./compile-condition.ts";
import { type Comparison, type Condition, isNameField, type Operator } from "./condition.ts";
import { disjunctionsOf } from "./disjunctions.ts";
import type { Scope } from "./scope.ts";

/** https://firebase.google.com/docs/firestore/query-data/queries#query_limitations */
const MAX_FILTERS_AND_ORDERS = 100;
/** https://firebase.google.com/docs/firestore/query-data/multiple-range-fields#limitations */
const MAX_INEQUALITY_FIELDS = 10;

const NEGATIONS: ReadonlySet<Operator> = new Set([
  "NOT_EQUAL",
  "NOT_IN",
  "IS_NOT_NAN",
  "IS_NOT_NULL",
]);
const RANGES: ReadonlySet<Operator> = new Set([
  "LESS_THAN",
  "LESS_THAN_OR_EQUAL",
  "GREATER_THAN",
  "GREATER_THAN_OR_EQUAL",
]);

/** Whether an operator selects a range of an index and so sorts by its field. */
export function isInequality(operator: Operator): boolean {
  return RANGES.has(operator) || NEGATIONS.has(operator);
}

/**
 * Throws INVALID_ARGUMENT for parts that cannot be combined in one query.
 * https://firebase.google.com/docs/firestore/query-data/queries#query_limitations
 */
export function assertCombination(
  scope: Scope,
  condition: Condition | null,
  keys: readonly SortKey[],
): void {
  const comparisons = comparisonsOf(condition);
  if (comparisons.length + keys.length > MAX_FILTERS_AND_ORDERS) {
    throw invalidArgument(
      `The query may not have more than ${MAX_FILTERS_AND_ORDERS} filters + sort orders total.`,
    );
  }
  assertNegations(
    comparisons.map((comparison) => comparison.operator),
    condition,
  );
  for (const conjunction of disjunctionsOf(condition)) {
    if (conjunction.filter(({ operator }) => operator === "ARRAY_CONTAINS").length > 1) {
      throw invalidArgument("A maximum of 1 'ARRAY_CONTAINS' filter is allowed per disjunction.");
    }
  }
  const inequalities = new Set(
    comparisons
      .filter(({ operator }) => isInequality(operator))
      .map(({ field }) => formatFieldPath(field)),
  );
  if (inequalities.size > MAX_INEQUALITY_FIELDS) {
    throw invalidArgument(
      `A query may not have more than ${MAX_INEQUALITY_FIELDS} distinct inequality fields.`,
    );
  }
  assertNameEquality(comparisons);
  if (scope.collectionId === "") assertKindless(condition, keys);
  if (scope.queryScope === "COLLECTION_GROUP" && !scansOnlyNames(condition, keys))
    assertAtRoot(scope);
}

function assertNegations(operators: readonly Operator[], condition: Condition | null): void {
  if (operators.filter((operator) => NEGATIONS.has(operator)).length > 1) {
    throw invalidArgument(
      "Only a single 'NOT_EQUAL', 'NOT_IN', 'IS_NOT_NAN', or 'IS_NOT_NULL' filter allowed per query.",
    );
  }
  const alternatives =
    operators.includes("IN") || operators.includes("ARRAY_CONTAINS_ANY") || hasOr(condition);
  if (operators.includes("NOT_IN") && alternatives) {
    throw invalidArgument(
      "'NOT_IN' cannot be used in the same query with 'IN', 'ARRAY_CONTAINS_ANY' or 'OR'.",
    );
  }
}

function assertNameEquality(comparisons: readonly Comparison[]): void {
  const ranges = comparisons.filter(({ operator }) => isInequality(operator));
  const isAlone = ranges.length > 0 && !ranges.some(({ field }) => isNameField(field));
  if (isAlone && comparisons.some(({ field }) => isNameField(field))) {
    throw invalidArgument(
      "Equality on __name__ is not allowed if there are other inequality fields and __name__ does not appear in inequalities.",
    );
  }
}

function hasOr(condition: Condition | null): boolean {
  if (condition === null || condition.kind === "comparison") return false;
  return condition.kind === "or" || condition.parts.some(hasOr);
}

/** A query over all collections can only filter and sort by names. */
function assertKindless(condition: Condition | null, keys: readonly SortKey[]): void {
  if (!scansOnlyNames(condition, keys)) {
    throw invalidArgument(
      "A collection id is required for filters and orders by anything but names",
    );
  }
}

/** Collection group indexes do not contain parents. */
function assertAtRoot(scope: Scope): void {
  if (parseParentName(scope.parent).segments.length > 0) {
    throw invalidArgument("collection group queries are only allowed at the root parent");
  }
}

/** Whether a query only scans documents in the order of their names and so needs no index. */
function scansOnlyNames(condition: Condition | null, keys: readonly SortKey[]): boolean {
  return (
    comparisonsOf(condition).every(({ field }) => isNameField(field)) &&
    keys.every(({ field, descending }) => isNameField(field) && !descending)
  );
}
