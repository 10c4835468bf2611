import { type FieldPath, formatFieldPath, NAME_FIELD } from "../../field-paths.ts";
import type {
  Cursor,
  FieldOperator,
  FieldReference,
  Filter,
  StructuredQuery,
  UnaryOperator,
  Value,
} from "../../types.ts";
import { asSent, compareFieldPaths } from "../paths.ts";

/** A comparison that results must satisfy. */
export interface QueryFilter {
  readonly path: FieldPath;
  readonly operator: FieldOperator;
  /** Called when the query runs. */
  readonly encode: () => Value;
  /** Replaces the comparison for null or NaN. */
  readonly unary?: UnaryOperator;
}

/** One sort key. */
export interface QueryOrder {
  readonly path: FieldPath;
  readonly direction: "ASCENDING" | "DESCENDING";
}

/** All parts of a query. */
export interface QueryOptions {
  /** The segments of the collection's parent document; empty for the root. */
  readonly parent: readonly string[];
  readonly collectionId: string;
  readonly allDescendants: boolean;
  readonly filters: readonly QueryFilter[];
  readonly orders: readonly QueryOrder[];
  readonly startAt?: Cursor;
  readonly endAt?: Cursor;
  readonly limit?: number;
  readonly projection?: readonly string[];
}

const INEQUALITIES: ReadonlySet<FieldOperator> = new Set<FieldOperator>([
  "LESS_THAN",
  "LESS_THAN_OR_EQUAL",
  "GREATER_THAN",
  "GREATER_THAN_OR_EQUAL",
  "NOT_EQUAL",
]);

/** Whether this path stands for the document's name. */
export function isNamePath(path: FieldPath): boolean {
  return path.length === 1 && path[0] === NAME_FIELD;
}

/** The sort keys with Firestore's implicit ones: the inequality fields, then the name. */
export function withImplicitOrders({ orders, filters }: QueryOptions): QueryOrder[] {
  const direction = orders.at(-1)?.direction ?? "ASCENDING";
  const unequal = filters
    .filter(({ operator, path }) => INEQUALITIES.has(operator) && !isNamePath(path))
    .map(({ path }) => path)
    .sort(compareFieldPaths);
  const all = [...orders];
  for (const path of [...unequal, [NAME_FIELD] as const]) {
    const isThere = all.some((order) => compareFieldPaths(order.path, path) === 0);
    if (!isThere) all.push({ path, direction });
  }
  return all;
}

/** The query in the service's format. */
export function structuredQuery(options: QueryOptions): StructuredQuery {
  const { collectionId, allDescendants, filters, orders, limit, projection } = options;
  return {
    select: projection ? { fields: projection.map((path) => ({ fieldPath: path })) } : null,
    from: [{ collectionId: asSent(collectionId), allDescendants }],
    where: allOf(filters.map(filterOf)),
    orderBy: orders.map(({ path, direction }) => ({ field: reference(path), direction })),
    startAt: options.startAt ?? null,
    endAt: options.endAt ?? null,
    offset: 0,
    limit: limit === undefined ? null : { value: limit },
    findNearest: null,
  };
}

function allOf(filters: readonly Filter[]): Filter | null {
  const [first, ...others] = filters;
  if (first === undefined) return null;
  if (others.length === 0) return first;
  return { filterType: "compositeFilter", compositeFilter: { op: "AND", filters } };
}

function filterOf({ path, operator, encode, unary }: QueryFilter): Filter {
  const field = reference(path);
  if (unary) return { filterType: "unaryFilter", unaryFilter: { op: unary, field } };
  return { filterType: "fieldFilter", fieldFilter: { field, op: operator, value: encode() } };
}

function reference(path: FieldPath): FieldReference {
  return { fieldPath: asSent(formatFieldPath(path)) };
}
