import { invalidArgument } from "../grpc-error.ts";
import type { Value } from "../types.ts";
import { exactSum } from "./exact-sum.ts";

/** A number value: an int64 or a double. */
export type NumberValue = Extract<Value, { valueType: "integerValue" | "doubleValue" }>;

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

/**
 * Integers with at most this many digits are exact as doubles, which compare faster than BigInts.
 */
const MAX_SAFE_DIGITS = 15;

function isNumber(value: Value | undefined): value is NumberValue {
  return value?.valueType === "integerValue" || value?.valueType === "doubleValue";
}

/** Whether a value is the double NaN. */
export function isNaNValue(value: Value): boolean {
  return value.valueType === "doubleValue" && Number.isNaN(value.doubleValue);
}

/** Compares two numbers exactly, NaN first and equal to itself; 0 for other values. */
export function compareNumbers(left: Value, right: Value): number {
  if (!isNumber(left) || !isNumber(right)) return 0;
  if (isNaNValue(left) || isNaNValue(right)) {
    return Number(isNaNValue(right)) - Number(isNaNValue(left));
  }
  const leftAmount = amountOf(left);
  const rightAmount = amountOf(right);
  if (leftAmount < rightAmount) return -1;
  return leftAmount > rightAmount ? 1 : 0;
}

/**
 * The `increment` transform. Integers saturate at the bounds of int64; with a double the result is
 * a double. A current value that is not a number is replaced. Throws INVALID_ARGUMENT unless the
 * operand is a number.
 */
export function incrementValue(current: Value | undefined, operand: Value): NumberValue {
  const step = asOperand(operand);
  if (!isNumber(current)) return step;
  if (current.valueType === "doubleValue" || step.valueType === "doubleValue") {
    return double(toDouble(current) + toDouble(step));
  }
  return integer(clampToInt64(BigInt(current.integerValue) + BigInt(step.integerValue)));
}

/**
 * The `maximum` transform: the larger number, the current one if they are equal, NaN if either is.
 * A current value that is not a number is replaced. Throws INVALID_ARGUMENT unless the operand is a
 * number.
 */
export function maximumValue(current: Value | undefined, operand: Value): NumberValue {
  return extremeValue(current, asOperand(operand), 1);
}

/**
 * The `minimum` transform: the smaller number, the current one if they are equal, NaN if either is.
 * A current value that is not a number is replaced. Throws INVALID_ARGUMENT unless the operand is a
 * number.
 */
export function minimumValue(current: Value | undefined, operand: Value): NumberValue {
  return extremeValue(current, asOperand(operand), -1);
}

/**
 * The sum of the values that are numbers: an integer if all of them are and the sum fits int64,
 * otherwise a double; integer 0 if there are none. Their order makes no difference.
 */
export function sumOf(values: Iterable<Value>): NumberValue {
  let integers = 0n;
  const doubles: number[] = [];
  for (const value of values) {
    if (value.valueType === "integerValue") integers += BigInt(value.integerValue);
    else if (value.valueType === "doubleValue") doubles.push(value.doubleValue);
  }
  if (doubles.length > 0) return double(exactSum([Number(integers), ...doubles]));
  return clampToInt64(integers) === integers ? integer(integers) : double(Number(integers));
}

/** The average of the values that are numbers, a double; null if there are none. */
export function averageOf(values: Iterable<Value>): Value {
  const numbers = [...values].filter(isNumber);
  if (numbers.length === 0) return { valueType: "nullValue", nullValue: "NULL_VALUE" };
  return double(toDouble(sumOf(numbers)) / numbers.length);
}

function toDouble(value: NumberValue): number {
  return value.valueType === "integerValue" ? Number(value.integerValue) : value.doubleValue;
}

function extremeValue(
  current: Value | undefined,
  operand: NumberValue,
  direction: 1 | -1,
): NumberValue {
  if (!isNumber(current) || isNaNValue(operand)) return operand;
  if (isNaNValue(current)) return current;
  return compareNumbers(operand, current) * direction > 0 ? operand : current;
}

function asOperand(operand: Value): NumberValue {
  if (!isNumber(operand)) throw invalidArgument("Input must be int64 or double.");
  return operand;
}

function amountOf(value: NumberValue): number | bigint {
  if (value.valueType === "doubleValue") return value.doubleValue;
  const digits = value.integerValue;
  return digits.length <= MAX_SAFE_DIGITS ? Number(digits) : BigInt(digits);
}

function clampToInt64(amount: bigint): bigint {
  if (amount > MAX_INT64) return MAX_INT64;
  return amount < MIN_INT64 ? MIN_INT64 : amount;
}

function integer(amount: bigint): NumberValue {
  return { valueType: "integerValue", integerValue: amount.toString() };
}

function double(amount: number): NumberValue {
  return { valueType: "doubleValue", doubleValue: amount };
}
