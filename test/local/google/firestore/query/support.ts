import type {
  CompositeFilter,
  Cursor,
  Direction,
  FieldOperator,
  Filter,
  Order,
  StoredDocument,
  StructuredQuery,
  UnaryOperator,
  Value,
} from "../../../../../local/google/firestore/types.ts";

/** The root under which the tests' documents lie. */
export const ROOT = "projects/test/databases/(default)/documents";

/** A plain value as Firestore keeps it: whole numbers as integers, other numbers as doubles. */
export function value(plain: unknown): Value {
  if (plain === null) return { valueType: "nullValue", nullValue: "NULL_VALUE" };
  if (typeof plain === "boolean") return { valueType: "booleanValue", booleanValue: plain };
  if (typeof plain === "string") return { valueType: "stringValue", stringValue: plain };
  if (typeof plain === "bigint") {
    return { valueType: "integerValue", integerValue: plain.toString() };
  }
  if (typeof plain === "number") {
    return Number.isSafeInteger(plain) && !Object.is(plain, -0)
      ? value(BigInt(plain))
      : double(plain);
  }
  if (Array.isArray(plain)) {
    return { valueType: "arrayValue", arrayValue: { values: plain.map(value) } };
  }
  if (plain instanceof Map) {
    const fields = Object.fromEntries([...plain].map(([name, inner]) => [name, value(inner)]));
    return { valueType: "mapValue", mapValue: { fields } };
  }
  throw new TypeError(`No Firestore value for ${typeof plain}`);
}

/** A number as a double even when it is whole. */
export function double(amount: number): Value {
  return { valueType: "doubleValue", doubleValue: amount };
}

/** The name of a document as a value. */
export function reference(path: string): Value {
  return { valueType: "referenceValue", referenceValue: `${ROOT}/${path}` };
}

/** A vector of the numbers. */
export function vector(...numbers: number[]): Value {
  const fields = {
    __type__: value("__vector__"),
    value: { valueType: "arrayValue", arrayValue: { values: numbers.map(double) } },
  } satisfies Record<string, Value>;
  return { valueType: "mapValue", mapValue: { fields } };
}

/** A stored document with the fields given as plain values. */
export function documentAt(
  path: string,
  fields: Readonly<Record<string, unknown>>,
): StoredDocument {
  const stored = Object.entries(fields).map(([name, plain]) => [name, value(plain)]);
  const time = { seconds: "1", nanos: 0 };
  return {
    name: `${ROOT}/${path}`,
    fields: Object.fromEntries(stored),
    createTime: time,
    updateTime: time,
  };
}

/** A query over the collection "things" unless the parts say otherwise. */
export function query(parts: Partial<StructuredQuery> = {}): StructuredQuery {
  return {
    select: null,
    from: [{ collectionId: "things", allDescendants: false }],
    where: null,
    orderBy: [],
    startAt: null,
    endAt: null,
    offset: 0,
    limit: null,
    findNearest: null,
    ...parts,
  };
}

/** The selector of the collection group "things". */
export const THINGS_GROUP = [{ collectionId: "things", allDescendants: true }];

/** A filter that compares a field with a value of the wire. */
export function compares(fieldPath: string, op: FieldOperator, operand: Value): Filter {
  const fieldFilter = { field: { fieldPath }, op, value: operand };
  return { filterType: "fieldFilter", fieldFilter };
}

/** A filter that compares a field with a plain value. */
export function where(fieldPath: string, op: FieldOperator, plain: unknown): Filter {
  return compares(fieldPath, op, value(plain));
}

/** A filter on one field alone. */
export function is(fieldPath: string, op: UnaryOperator): Filter {
  return { filterType: "unaryFilter", unaryFilter: { op, field: { fieldPath } } };
}

/** Filters joined by AND. */
export function and(...filters: Filter[]): Filter {
  return composite("AND", filters);
}

/** Filters joined by OR. */
export function or(...filters: Filter[]): Filter {
  return composite("OR", filters);
}

/** A sort key, ascending unless said otherwise. */
export function order(fieldPath: string, direction: Direction = "ASCENDING"): Order {
  return { field: { fieldPath }, direction };
}

/** A cursor just before, or just after, the plain values. */
export function cursor(side: "before" | "after", ...plain: unknown[]): Cursor {
  return { values: plain.map(value), before: side === "before" };
}

function composite(op: CompositeFilter["op"], filters: readonly Filter[]): Filter {
  return { filterType: "compositeFilter", compositeFilter: { op, filters } };
}
