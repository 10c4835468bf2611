import { type FieldPath, formatFieldPath, parseFieldPath } from "../field-paths.ts";
import { invalidArgument } from "../grpc-error.ts";
import { parseDocumentName, rootName } from "../names.ts";
import type { CompositeFilter, FieldFilter, Filter, UnaryFilter, Value } from "../types.ts";
import { sizeOf } from "../writes/document-size.ts";
import { type Comparison, type Condition, isNameField } from "./condition.ts";

/** https://firebase.google.com/docs/firestore/query-data/queries#limits_on_or_queries */
const MAX_LIST_OPERANDS = 30;
/** https://firebase.google.com/docs/firestore/query-data/queries#not-in */
const MAX_NOT_IN_OPERANDS = 10;

/** https://firebase.google.com/docs/firestore/quotas#indexes */
const MAX_INDEXED_VALUE_BYTES = 1500;

const LIST_OPERATORS: ReadonlySet<string> = new Set(["IN", "NOT_IN", "ARRAY_CONTAINS_ANY"]);

/** Parses a filter. Throws INVALID_ARGUMENT when one of its parts is invalid by itself. */
export function compileCondition(filter: Filter, parent: string): Condition {
  switch (filter.filterType) {
    case "compositeFilter":
      return compileComposite(filter.compositeFilter, parent);
    case "fieldFilter":
      return compileComparison(filter.fieldFilter, parent);
    case "unaryFilter":
      return compileUnary(filter.unaryFilter);
    default:
      throw invalidArgument("Unknown Filter type.");
  }
}

/** Throws INVALID_ARGUMENT for a value without a type, also within arrays and maps. */
export function assertTyped(value: Value | null): asserts value is Value {
  if (value?.valueType === undefined) {
    throw invalidArgument("Cannot convert firestore.v1.Value with type unset.");
  }
  if (value.valueType === "arrayValue") value.arrayValue.values.forEach(assertTypedValue);
  if (value.valueType === "mapValue")
    Object.values(value.mapValue.fields).forEach(assertTypedValue);
}

function assertTypedValue(value: Value): void {
  assertTyped(value);
}

/** Throws INVALID_ARGUMENT unless the value names a document in the parent's database. */
export function assertDocumentReference(value: Value, parent: string, otherwise: string): void {
  if (value.valueType !== "referenceValue") throw invalidArgument(otherwise);
  const asked = rootName(parseDocumentName(value.referenceValue));
  if (parent !== asked && !parent.startsWith(`${asked}/`)) {
    throw invalidArgument(`The request for "${parent}" names a document of "${asked}".`);
  }
}

function compileComposite({ op, filters }: CompositeFilter, parent: string): Condition {
  if (op === "OPERATOR_UNSPECIFIED") {
    throw invalidArgument("Unsupported CompositeFilter operator.");
  }
  if (op === "OR" && filters.length === 0) {
    throw invalidArgument("Composite filter must have at least one sub-filter.");
  }
  const parts = filters.map((filter) => compileCondition(filter, parent));
  return { kind: op === "AND" ? "and" : "or", parts };
}

function compileUnary({ op, field: reference }: UnaryFilter): Comparison {
  if (op === "OPERATOR_UNSPECIFIED") throw invalidArgument("Unknown UnaryFilter operator.");
  if (reference === undefined) throw invalidArgument("A unary filter needs a field.");
  const field = parseFieldPath(reference.fieldPath);
  if (isNameField(field)) throw invalidArgument("__name__ filter value must be a document.");
  return { kind: "comparison", field, operator: op, operands: [] };
}

function compileComparison(
  { field: reference, op, value }: FieldFilter,
  parent: string,
): Comparison {
  if (op === "OPERATOR_UNSPECIFIED") throw invalidArgument("Unknown FieldFilter operator.");
  const field = parseFieldPath(reference?.fieldPath ?? "");
  assertTyped(value);
  const operands = LIST_OPERATORS.has(op) ? listOperands(op, value) : [value];
  if (isNameField(field)) assertNameComparison(op, operands, parent);
  if (operands.some((operand) => sizeOf(operand) > MAX_INDEXED_VALUE_BYTES)) {
    throw invalidArgument(`value for ${formatFieldPath(field)} is too large to be used in a query`);
  }
  return { kind: "comparison", field, operator: op, operands };
}

function listOperands(operator: string, value: Value): readonly Value[] {
  if (value.valueType !== "arrayValue") {
    throw invalidArgument(`'${operator}' requires an ArrayValue.`);
  }
  const { values } = value.arrayValue;
  const most = operator === "NOT_IN" ? MAX_NOT_IN_OPERANDS : MAX_LIST_OPERANDS;
  if (values.length === 0) {
    throw invalidArgument(`'${operator}' requires an non-empty ArrayValue.`);
  }
  if (values.length > most) {
    throw invalidArgument(`'${operator}' supports up to ${most} comparison values.`);
  }
  return values;
}

function assertNameComparison(operator: string, operands: readonly Value[], parent: string): void {
  if (operator.startsWith("ARRAY_")) {
    throw invalidArgument(`'${operator}' cannot be used with __name__.`);
  }
  for (const operand of operands) {
    assertDocumentReference(operand, parent, "__name__ filter value must be a document.");
  }
}

/** All comparisons of a condition, in the order of the query. */
export function comparisonsOf(condition: Condition | null): readonly Comparison[] {
  if (condition === null) return [];
  return condition.kind === "comparison" ? [condition] : condition.parts.flatMap(comparisonsOf);
}

/** Whether two paths name the same field. */
export function sameField(left: FieldPath, right: FieldPath): boolean {
  return left.length === right.length && left.every((name, index) => name === right[index]);
}
