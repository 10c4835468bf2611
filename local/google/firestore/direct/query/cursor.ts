import { formatFieldPath } from "../../field-paths.ts";
import type { Cursor } from "../../types.ts";
import { DirectSnapshot } from "../snapshots.ts";
import { assertUserInput, encodeValue } from "../values.ts";
import type { DirectQuery } from "./query.ts";
import { nameOf } from "./query-arguments.ts";
import { isNamePath, type QueryOrder, withImplicitOrders } from "./query-options.ts";

/**
 * A position in a query's order, given either by a document, which makes Firestore's implicit sort
 * keys explicit, or by values of the first sort keys.
 */
export function cursorOf(
  query: DirectQuery,
  given: readonly unknown[],
  { before }: { readonly before: boolean },
): { orders: readonly QueryOrder[]; cursor: Cursor } {
  const [first] = given;
  const document = given.length === 1 && first instanceof DirectSnapshot ? first : undefined;
  const orders = document ? withImplicitOrders(query.options) : query.options.orders;
  const keys = document ? keysOf(document, orders) : given;
  if (keys.length > orders.length) {
    throw new Error(
      "Too many cursor values specified. The specified values must match the orderBy() constraints of the query.",
    );
  }
  const values = orders.slice(0, keys.length).map(({ path }, index) => {
    const value = isNamePath(path) ? nameOf(query, keys[index]) : keys[index];
    assertUserInput(index, value, "query constraint");
    return encodeValue(value);
  });
  return { orders, cursor: { values, before } };
}

function keysOf(document: DirectSnapshot, orders: readonly QueryOrder[]): unknown[] {
  return orders.map(({ path }) => {
    if (isNamePath(path)) return document.ref;
    const value = document.get(path.join("."));
    if (value !== undefined) return value;
    throw new Error(
      `Field "${formatFieldPath(path)}" is missing in the provided DocumentSnapshot. Please provide a document that contains values for all specified orderBy() and where() constraints.`,
    );
  });
}
