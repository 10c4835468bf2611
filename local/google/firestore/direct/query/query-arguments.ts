import type { Comparison } from "../../../../../shared/ports/database.ts";
import type { FieldOperator, UnaryOperator } from "../../types.ts";
import { DirectDocument } from "../document.ts";
import { fieldPath, isDocumentPath, segmentsOf } from "../paths.ts";
import { assertUserInput, encodeValue } from "../values.ts";
import type { DirectQuery } from "./query.ts";
import { isNamePath, type QueryFilter, type QueryOrder } from "./query-options.ts";

/** The comparisons that Google's client and the port share, by name. */
const OPERATORS: Readonly<Record<Comparison, FieldOperator>> = {
  "<": "LESS_THAN",
  "<=": "LESS_THAN_OR_EQUAL",
  "==": "EQUAL",
  "!=": "NOT_EQUAL",
  ">": "GREATER_THAN",
  ">=": "GREATER_THAN_OR_EQUAL",
  "array-contains": "ARRAY_CONTAINS",
  in: "IN",
};

/** Comparisons that accept null and NaN. */
const ACCEPTING_NULL_AND_NAN: ReadonlySet<Comparison> = new Set<Comparison>([
  "==",
  "!=",
  "array-contains",
]);

/** Parses a sort direction; ascending by default. */
export function parseDirection(direction: "asc" | "desc" | undefined): QueryOrder["direction"] {
  if (direction !== undefined && direction !== "asc" && direction !== "desc") {
    throw new Error(
      'Value for argument "directionStr" is invalid. Acceptable values are: asc, desc',
    );
  }
  return direction === "desc" ? "DESCENDING" : "ASCENDING";
}

/** Parses a comparison. Throws the error of Google's client for an invalid one. */
export function parseFilter(
  query: DirectQuery,
  field: string,
  comparison: Comparison,
  value: unknown,
): QueryFilter {
  const path = fieldPath("fieldPath", field);
  const operator = parseComparison(comparison, value);
  assertUserInput("value", value, "query constraint");
  const compared = isNamePath(path) ? namesOf(query, comparison, value) : value;
  const encode = () => encodeValue(compared);
  const unary = unaryFor(operator, compared);
  return { path, operator, encode, ...(unary && { unary }) };
}

/**
 * Converts an operand for the document's name to a reference. Throws when the query could never
 * return it.
 */
export function nameOf(query: DirectQuery, value: unknown): DirectDocument {
  const { parent, collectionId, allDescendants } = query.options;
  const base = allDescendants ? parent : [...parent, collectionId];
  const reference = typeof value === "string" ? documentBelow(query, base, value) : value;
  if (!(reference instanceof DirectDocument)) {
    throw new Error(
      `The corresponding value for FieldPath.documentId() must be a string or a DocumentReference, but was "${value}".`,
    );
  }
  if (base.some((id, index) => id !== reference.segments[index])) {
    throw new Error(
      `"${reference.path}" is not part of the query result set and cannot be used as a query boundary.`,
    );
  }
  if (!allDescendants && reference.segments.length !== base.length + 1) {
    throw new Error(
      `Only a direct child can be used as a query boundary. Found: "${reference.path}".`,
    );
  }
  return reference;
}

function documentBelow(
  { firestore, options }: DirectQuery,
  base: readonly string[],
  id: string,
): DirectDocument {
  const segments = [...base, ...segmentsOf(id)];
  if (options.allDescendants && !isDocumentPath(segments)) {
    throw new Error(
      `When querying a collection group and ordering by FieldPath.documentId(), the corresponding value must result in a valid document path, but '${id}' is not because it contains an odd number of segments.`,
    );
  }
  if (!options.allDescendants && id.includes("/")) {
    throw new Error(
      `When querying a collection and ordering by FieldPath.documentId(), the corresponding value must be a plain document ID, but '${id}' contains a slash.`,
    );
  }
  return new DirectDocument(firestore, segments);
}

function namesOf(query: DirectQuery, comparison: Comparison, value: unknown): unknown {
  if (comparison === "array-contains") {
    throw new Error(
      "Invalid Query. You can't perform 'array-contains' queries on FieldPath.documentId().",
    );
  }
  if (comparison !== "in") return nameOf(query, value);
  if (!Array.isArray(value) || value.length === 0) {
    throw new Error("Invalid Query. A non-empty array is required for 'in' filters.");
  }
  return value.map((name) => nameOf(query, name));
}

function parseComparison(comparison: Comparison, value: unknown): FieldOperator {
  if (!Object.hasOwn(OPERATORS, comparison)) {
    throw new Error(
      `Value for argument "opStr" is invalid. Acceptable values are: ${CLIENT_OPERATORS}`,
    );
  }
  for (const [nothing, name] of [
    [Number.NaN, "NaN"],
    [null, "Null"],
  ] as const) {
    if (Object.is(value, nothing) && !ACCEPTING_NULL_AND_NAN.has(comparison)) {
      throw new Error(`Invalid query. You can only perform '==' and '!=' comparisons on ${name}.`);
    }
  }
  return OPERATORS[comparison];
}

/** All operators that Google's client supports, including those the port lacks. */
const CLIENT_OPERATORS = "<, <=, ==, !=, >, >=, array-contains, in, not-in, array-contains-any";

/** The unary operator for null and NaN, which Firestore compares with unary filters. */
function unaryFor(operator: FieldOperator, value: unknown): UnaryOperator | undefined {
  const isEqual = operator === "EQUAL";
  if (value === null) return isEqual ? "IS_NULL" : "IS_NOT_NULL";
  if (Number.isNaN(value)) return isEqual ? "IS_NAN" : "IS_NOT_NAN";
  return undefined;
}
