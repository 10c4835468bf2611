import type { FieldOverride, IndexField } from "../types.ts";
import type { Scope } from "./scope.ts";

type FieldIndex = FieldOverride["indexes"][number];

/**
 * The indexes that Firestore creates automatically:
 * https://firebase.google.com/docs/firestore/query-data/index-overview#automatic_indexing
 */
const AUTOMATIC_INDEXES: readonly FieldIndex[] = [
  { queryScope: "COLLECTION", order: "ASCENDING" },
  { queryScope: "COLLECTION", order: "DESCENDING" },
  { queryScope: "COLLECTION", arrayConfig: "CONTAINS" },
];

/** An override for this path applies to all fields without their own. */
const ALL_FIELDS = "*";

/** The single-field indexes that serve queries in a scope. */
export function singleFieldIndexes(
  scope: Scope,
  fieldPath: string,
  overrides: readonly FieldOverride[],
): readonly IndexField[] {
  return configuredIndexes(scope, fieldPath, overrides)
    .filter((index) => index.queryScope === scope.queryScope)
    .map(({ queryScope: _, ...mode }) => ({ fieldPath, ...mode }));
}

/**
 * One field's indexes in every scope: those of the most specific override, otherwise the automatic
 * ones.
 */
export function configuredIndexes(
  scope: Pick<Scope, "collectionId">,
  fieldPath: string,
  overrides: readonly FieldOverride[],
): readonly FieldIndex[] {
  const [nearest] = overrides
    .filter((override) => override.collectionGroup === scope.collectionId)
    .filter((override) => covers(override.fieldPath, fieldPath))
    .sort((left, right) => right.fieldPath.length - left.fieldPath.length);
  return nearest?.indexes ?? AUTOMATIC_INDEXES;
}

/** A map's override also applies to the fields inside it. */
function covers(overridden: string, fieldPath: string): boolean {
  return (
    overridden === ALL_FIELDS || overridden === fieldPath || fieldPath.startsWith(`${overridden}.`)
  );
}
