import type { FieldOverride, IndexField } from "../types.ts";
import type { Scope } from "./scope.ts";

type FieldIndex = FieldOverride["indexes"][number];

/** What Firestore indexes by itself: https://firebase.google.com/docs/firestore/query-data/index-overview#automatic_indexing */
const AUTOMATIC_INDEXES: readonly FieldIndex[] = [
  { queryScope: "COLLECTION", order: "ASCENDING" },
  { queryScope: "COLLECTION", order: "DESCENDING" },
  { queryScope: "COLLECTION", arrayConfig: "CONTAINS" },
];

/** An override of this path holds for all fields that have none of their own. */
const ALL_FIELDS = "*";

/** The indexes of one field alone that serve queries in a scope. */
export function singleFieldIndexes(
  scope: Scope,
  fieldPath: string,
  overrides: readonly FieldOverride[],
): readonly IndexField[] {
  return configuredIndexes(scope, fieldPath, overrides)
    .filter((index) => index.queryScope === scope.queryScope)
    .map(({ queryScope: _, ...mode }) => ({ fieldPath, ...mode }));
}

/** The indexes of one field in every scope: those of the override nearest to it, else the automatic ones. */
export function configuredIndexes(
  scope: Pick<Scope, "collectionId">,
  fieldPath: string,
  overrides: readonly FieldOverride[],
): readonly FieldIndex[] {
  const [nearest] = overrides
    .filter((override) => override.collectionGroup === scope.collectionId)
    .filter((override) => concerns(override.fieldPath, fieldPath))
    .sort((left, right) => right.fieldPath.length - left.fieldPath.length);
  return nearest?.indexes ?? AUTOMATIC_INDEXES;
}

/** A map's override holds for the fields inside it. */
function concerns(overridden: string, fieldPath: string): boolean {
  return (
    overridden === ALL_FIELDS || overridden === fieldPath || fieldPath.startsWith(`${overridden}.`)
  );
}
