/** A document of the model: small numbers, nulls or nothing. */
export interface Thing {
  readonly a?: number | null;
  readonly b?: number | null;
  readonly c?: number;
  readonly tags?: readonly number[];
}

/** A filter over things. */
export type NaiveFilter =
  | { readonly kind: "and" | "or"; readonly parts: readonly NaiveFilter[] }
  | {
      readonly kind: "compare";
      readonly field: string;
      readonly operator: keyof typeof TESTS;
      readonly operand: number | number[];
    };

/** A query over things. */
export interface NaiveQuery {
  readonly filter: NaiveFilter | null;
  readonly orders: readonly { readonly field: string; readonly descending: boolean }[];
  readonly start: { readonly values: readonly number[]; readonly before: boolean } | null;
  readonly end: { readonly values: readonly number[]; readonly before: boolean } | null;
  readonly offset: number;
  readonly limit: number | null;
}

const TESTS = {
  EQUAL: (have: number, want: number[]) => have === want[0],
  NOT_EQUAL: (have: number, want: number[]) => have !== want[0],
  IN: (have: number, want: number[]) => want.includes(have),
  LESS_THAN: (have: number, want: number[]) => have < (want[0] ?? 0),
  LESS_THAN_OR_EQUAL: (have: number, want: number[]) => have <= (want[0] ?? 0),
  GREATER_THAN: (have: number, want: number[]) => have > (want[0] ?? 0),
  GREATER_THAN_OR_EQUAL: (have: number, want: number[]) => have >= (want[0] ?? 0),
  ARRAY_CONTAINS_ANY: (have: number, want: number[]) => want.includes(have),
};

/** The positions of the things a query finds, in order, worked out the slow and plain way. */
export function findNaively(things: readonly Thing[], query: NaiveQuery): number[] {
  const keys = sortKeys(query);
  const found = things
    .map((thing, index) => ({ fields: { ...thing } as Record<string, unknown>, index }))
    .filter(({ fields }) => keys.every(({ field }) => fields[field] !== undefined))
    .filter(({ fields }) => query.filter === null || holds(fields, query.filter))
    .filter(({ fields }) => {
      const start = query.start && compareWith(fields, query.start.values, keys);
      const end = query.end && compareWith(fields, query.end.values, keys);
      const afterStart =
        start === null || start > 0 || (start === 0 && query.start?.before === true);
      const beforeEnd = end === null || end < 0 || (end === 0 && query.end?.before === false);
      return afterStart && beforeEnd;
    });
  const lastDescending = keys.at(-1)?.descending ?? false;
  found.sort((left, right) => {
    const rightKeys = keys.map(({ field }) => rank(right.fields[field]));
    const byName = lastDescending ? right.index - left.index : left.index - right.index;
    return compareWith(left.fields, rightKeys, keys) || byName;
  });
  const end = query.limit === null ? undefined : query.offset + query.limit;
  return found.slice(query.offset, end).map(({ index }) => index);
}

function sortKeys({ filter, orders }: NaiveQuery): NaiveQuery["orders"] {
  const descending = orders.at(-1)?.descending ?? false;
  const implied = [...rangeFields(filter)]
    .sort()
    .filter((field) => !orders.some((order) => order.field === field));
  return [...orders, ...implied.map((field) => ({ field, descending }))];
}

function rangeFields(filter: NaiveFilter | null): Set<string> {
  if (filter === null) return new Set();
  if (filter.kind !== "compare") {
    return new Set(filter.parts.flatMap((part) => [...rangeFields(part)]));
  }
  return new Set(/THAN|NOT/.test(filter.operator) ? [filter.field] : []);
}

function holds(fields: Record<string, unknown>, filter: NaiveFilter): boolean {
  if (filter.kind !== "compare") {
    const every = filter.kind === "and";
    return filter.parts.every((part) => holds(fields, part) === every) === every;
  }
  const have = fields[filter.field];
  const want = Array.isArray(filter.operand) ? filter.operand : [filter.operand];
  const isArrayTest = filter.operator === "ARRAY_CONTAINS_ANY";
  if (Array.isArray(have) !== isArrayTest) return false;
  const candidates: unknown[] = Array.isArray(have) ? have : [have];
  return candidates.some((each) => typeof each === "number" && TESTS[filter.operator](each, want));
}

/** Null comes before every number. */
function rank(value: unknown): number {
  return typeof value === "number" ? value : -1;
}

function compareWith(
  fields: Record<string, unknown>,
  values: readonly number[],
  keys: NaiveQuery["orders"],
): number {
  for (const [index, wanted] of values.entries()) {
    const key = keys[index];
    if (key === undefined) break;
    const order = rank(fields[key.field]) - wanted;
    if (order !== 0) return key.descending ? -order : order;
  }
  return 0;
}
