import { invalidArgument } from "../grpc-error.ts";
import type { Comparison, Condition } from "./condition.ts";

/** https://firebase.google.com/docs/firestore/query-data/queries#limits_on_or_queries */
const MAX_DISJUNCTIONS = 30;

/** Comparisons that must all be true. */
export type Conjunction = readonly Comparison[];

/**
 * A condition as a list of alternatives that Firestore runs one by one, without "or" and lists: IN
 * becomes EQUAL and ARRAY_CONTAINS_ANY becomes ARRAY_CONTAINS. Throws INVALID_ARGUMENT when there
 * are too many.
 */
export function disjunctionsOf(condition: Condition | null): readonly Conjunction[] {
  if (condition === null) return [[]];
  const count = countDisjunctions(condition);
  if (count > MAX_DISJUNCTIONS) {
    throw invalidArgument(
      `Too many disjunctions after normalization. Result had ${count} disjunctions which is more than the maximum of ${MAX_DISJUNCTIONS}`,
    );
  }
  return expand(condition);
}

function countDisjunctions(condition: Condition): number {
  switch (condition.kind) {
    case "and":
      return condition.parts.reduce((count, part) => count * countDisjunctions(part), 1);
    case "or":
      return condition.parts.reduce((count, part) => count + countDisjunctions(part), 0);
    case "comparison":
      return alternativesOf(condition).length;
  }
}

function expand(condition: Condition): readonly Conjunction[] {
  switch (condition.kind) {
    case "and":
      return condition.parts.reduce<readonly Conjunction[]>(
        (rows, part) => {
          const more = expand(part);
          return rows.flatMap((row) => more.map((next) => [...row, ...next]));
        },
        [[]],
      );
    case "or":
      return condition.parts.flatMap(expand);
    case "comparison":
      return alternativesOf(condition).map((alternative) => [alternative]);
  }
}

function alternativesOf(comparison: Comparison): readonly Comparison[] {
  switch (comparison.operator) {
    case "IN":
      return comparison.operands.map((operand) => ({
        ...comparison,
        operator: "EQUAL",
        operands: [operand],
      }));
    case "ARRAY_CONTAINS_ANY":
      return comparison.operands.map((operand) => ({
        ...comparison,
        operator: "ARRAY_CONTAINS",
        operands: [operand],
      }));
    default:
      return [comparison];
  }
}
