import { formatFieldPath, NAME_FIELD } from "../field-paths.ts";
import { isInequality } from "./combinations.ts";
import type { SortKey } from "./compile.ts";
import { isNameField } from "./condition.ts";
import type { Conjunction } from "./disjunctions.ts";

/** What one alternative of a query asks of the indexes that serve it; paths in the wire's form. */
export interface IndexNeed {
  /** Fields compared with one value: they come first in an index, in any order and direction. */
  readonly equal: ReadonlySet<string>;
  /** Fields of which one array element is compared: as `equal`, but indexed by element. */
  readonly contained: ReadonlySet<string>;
  /** The sort keys but for the name: they follow, in this order. */
  readonly sorted: readonly { readonly fieldPath: string; readonly descending: boolean }[];
  readonly nameDescending: boolean;
}

/** What an alternative of a query and its sort keys ask of the indexes. */
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

/** Every field that has to be in the indexes, once each. */
export function fieldsOf(need: IndexNeed): readonly string[] {
  const sorted = need.sorted.map(({ fieldPath }) => fieldPath);
  return [...new Set([...need.equal, ...need.contained, ...sorted])];
}
