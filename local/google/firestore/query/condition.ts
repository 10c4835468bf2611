import { type FieldPath, getField, NAME_FIELD } from "../field-paths.ts";
import type { FieldOperator, StoredDocument, UnaryOperator, Value } from "../types.ts";
import { isNaNValue } from "../values/numbers.ts";
import { compareValues, equalForFilter, isNullValue, kindOf } from "../values/values.ts";

/** The operators of field and unary filters. */
export type Operator = Exclude<FieldOperator | UnaryOperator, "OPERATOR_UNSPECIFIED">;

/** A comparison of one field. */
export interface Comparison {
  readonly kind: "comparison";
  readonly field: FieldPath;
  readonly operator: Operator;
  /** The operands: one value, a list for IN and similar operators, none for unary operators. */
  readonly operands: readonly Value[];
}

/** A validated filter: comparisons joined by "and" and "or". */
export type Condition =
  | Comparison
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] };

/** Whether this is the pseudo-field for the document's name. */
export function isNameField(field: FieldPath): boolean {
  return field.length === 1 && field[0] === NAME_FIELD;
}

/** A document's value in queries, the name as a reference; undefined if the field is missing. */
export function queriedValue(document: StoredDocument, field: FieldPath): Value | undefined {
  return isNameField(field)
    ? { valueType: "referenceValue", referenceValue: document.name }
    : getField(document.fields, field);
}

/** Whether a document satisfies a condition. */
export function satisfies(document: StoredDocument, condition: Condition): boolean {
  switch (condition.kind) {
    case "and":
      return condition.parts.every((part) => satisfies(document, part));
    case "or":
      return condition.parts.some((part) => satisfies(document, part));
    case "comparison": {
      const value = queriedValue(document, condition.field);
      return value !== undefined && TESTS[condition.operator](value, condition.operands);
    }
  }
}

type Test = (value: Value, operands: readonly Value[]) => boolean;

const TESTS: Readonly<Record<Operator, Test>> = {
  EQUAL: (value, operands) => equalsAny(value, operands),
  IN: (value, operands) => equalsAny(value, operands),
  NOT_EQUAL: (value, operands) => differsFromAll(value, operands),
  NOT_IN: (value, operands) => differsFromAll(value, operands),
  LESS_THAN: ordered((order) => order < 0),
  LESS_THAN_OR_EQUAL: ordered((order) => order <= 0),
  GREATER_THAN: ordered((order) => order > 0),
  GREATER_THAN_OR_EQUAL: ordered((order) => order >= 0),
  ARRAY_CONTAINS: (value, operands) => containsAny(value, operands),
  ARRAY_CONTAINS_ANY: (value, operands) => containsAny(value, operands),
  IS_NULL: (value) => isNullValue(value),
  IS_NOT_NULL: (value) => !isNullValue(value),
  IS_NAN: (value) => isNaNValue(value),
  IS_NOT_NAN: (value) => !isNullValue(value) && !isNaNValue(value),
};

function equalsAny(value: Value, operands: readonly Value[]): boolean {
  return operands.some((operand) => equalForFilter(value, operand));
}

/** "Not equal" never holds for null, neither as a value nor as an operand. */
function differsFromAll(value: Value, operands: readonly Value[]): boolean {
  return !isNullValue(value) && !operands.some(isNullValue) && !equalsAny(value, operands);
}

function containsAny(value: Value, operands: readonly Value[]): boolean {
  return (
    value.valueType === "arrayValue" &&
    value.arrayValue.values.some((element) => equalsAny(element, operands))
  );
}

/** A comparison matches only values of the operand's type; null and NaN have no order. */
function ordered(accepts: (order: number) => boolean): Test {
  return (value, operands) =>
    operands.every(
      (operand) =>
        kindOf(value) === kindOf(operand) &&
        ![value, operand].some((side) => isNullValue(side) || isNaNValue(side)) &&
        accepts(compareValues(value, operand)),
    );
}
