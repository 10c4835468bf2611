import { formatFieldPath, NAME_FIELD } from "../field-paths.ts";
import { isInequality } from "./combinations.ts";
import type { SortKey } from "./compile.ts";
import { isNameField } from "./condition.ts";
import type { Conjunction } from "./disjunctions.ts";

/** The index fields that one alternative of a query needs; paths are in wire format. */
export interface IndexNeed {
  /** Fields with equality comparisons. They come first in an index, in any order and direction. */
  readonly equal: ReadonlySet<string>;
  /** Fields with array-contains comparisons: like `equal`, but indexed by element. */
  readonly contained: ReadonlySet<string>;
  /** The sort keys except the name. They follow in this order. */
  readonly sorted: readonly { readonly fieldPath: string; readonly descending: boolean }[];
  readonly nameDescending: boolean;
}

/** The index fields that an alternative and its sort keys need. */
export function needOf(conjunction: Conjunction, sortKeys: readonly SortKey[]): IndexNeed {
  const equal = new Set<string>();
  const contained = new Set<string>();
  for (const { field, operator } of conjunction) {
    if (isNameField(field) || isInequality(operator)) continue;
    (operator === "ARRAY_CONTAINS" ? contained : equal).add(formatFieldPath(field));
  }
  const sorted = sortKeys
    .map(({ field, descending }) => ({ fieldPath: formatFieldPath(field), descending }))
    .filter(({ fieldPath }) => fieldPath !== NAME_FIELD && !equal.has(fieldPath));
  const nameDescending = sortKeys.at(-1)?.descending ?? false;
  return { equal, contained, sorted, nameDescending };
}

/** Every field that the indexes must contain, without duplicates. */
export function fieldsOf(need: IndexNeed): readonly string[] {
  const sorted = need.sorted.map(({ fieldPath }) => fieldPath);
  return [...new Set([...need.equal, ...need.contained, ...sorted])];
}
