import { type FieldPath, parseFieldPath } from "../field-paths.ts";
import { invalidArgument } from "../grpc-error.ts";
import type { Timestamp, Value } from "../types.ts";
import { incrementValue, maximumValue, minimumValue } from "../values/numbers.ts";
import { equalValues } from "../values/values.ts";
import { checkElements } from "./check-value.ts";
import type { FieldTransform } from "./messages.ts";

/** A validated transform: its field, and the function that computes the new value. */
export interface Transform {
  readonly path: FieldPath;
  apply(current: Value | undefined, requestTime: Timestamp): TransformOutcome;
}

/** The value a transform stores, and the result it returns to the client. */
export interface TransformOutcome {
  readonly stored: Value;
  readonly result: Value;
}

/** Validates a transform. Throws INVALID_ARGUMENT for what Firestore refuses. */
export function compileTransform(transform: FieldTransform): Transform {
  return { path: parseFieldPath(transform.fieldPath), apply: compileOperation(transform) };
}

const NULL: Value = { valueType: "nullValue", nullValue: "NULL_VALUE" };

function compileOperation(transform: FieldTransform): Transform["apply"] {
  switch (transform.transformType) {
    case "setToServerValue":
      if (transform.setToServerValue !== "REQUEST_TIME") {
        throw invalidArgument("A server value must be given.");
      }
      return (_current, timestampValue) =>
        returning({ valueType: "timestampValue", timestampValue });
    case "increment":
      assertNumber(transform.increment);
      return (current) => returning(incrementValue(current, transform.increment));
    case "maximum":
      assertNumber(transform.maximum);
      return (current) => returning(maximumValue(current, transform.maximum));
    case "minimum":
      assertNumber(transform.minimum);
      return (current) => returning(minimumValue(current, transform.minimum));
    case "appendMissingElements": {
      const added = checkElements(transform.appendMissingElements, transform.fieldPath);
      return (current) => withoutResult(withMissing(elementsOf(current), added));
    }
    case "removeAllFromArray": {
      const removed = checkElements(transform.removeAllFromArray, transform.fieldPath);
      return (current) =>
        withoutResult(elementsOf(current).filter((item) => !includes(removed, item)));
    }
    default:
      throw invalidArgument("A transform must be given.");
  }
}

function assertNumber(value: Value): void {
  if (value.valueType === "integerValue" || value.valueType === "doubleValue") return;
  throw invalidArgument("Input must be int64 or double.");
}

function returning(stored: Value): TransformOutcome {
  return { stored, result: stored };
}

function withoutResult(values: readonly Value[]): TransformOutcome {
  return { stored: { valueType: "arrayValue", arrayValue: { values } }, result: NULL };
}

function elementsOf(value: Value | undefined): readonly Value[] {
  return value?.valueType === "arrayValue" ? value.arrayValue.values : [];
}

function withMissing(present: readonly Value[], added: readonly Value[]): readonly Value[] {
  const all = [...present];
  for (const item of added) if (!includes(all, item)) all.push(item);
  return all;
}

function includes(values: readonly Value[], wanted: Value): boolean {
  return values.some((value) => equalValues(value, wanted));
}
