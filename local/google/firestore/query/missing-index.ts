import { NAME_FIELD } from "../field-paths.ts";
import type { CompositeIndex, FieldOverride, IndexField } from "../types.ts";
import { fieldsOf, type IndexNeed } from "./index-need.ts";
import type { Scope } from "./scope.ts";
import { configuredIndexes } from "./single-field-indexes.ts";

/** Describes the missing index as an entry of `firestore.indexes.json`, ready to paste. */
export function describeMissingIndex(
  scope: Scope,
  need: IndexNeed,
  overrides: readonly FieldOverride[],
): string {
  const fields = indexFieldsOf(need);
  const [only] = fields;
  const [list, entry] =
    only !== undefined && fields.length === 1 && only.fieldPath !== NAME_FIELD
      ? ["fieldOverrides", overrideWith(scope, only, overrides)]
      : ["indexes", compositeOf(scope, fields)];
  return `The query requires an index. Add this to "${list}" in firestore.indexes.json: ${JSON.stringify(entry)}`;
}

function compositeOf(scope: Scope, fields: readonly IndexField[]): CompositeIndex {
  return { collectionGroup: scope.collectionId, queryScope: scope.queryScope, fields };
}

/** An override replaces the existing indexes of the field, so it repeats them. */
function overrideWith(
  scope: Scope,
  { fieldPath, ...mode }: IndexField,
  overrides: readonly FieldOverride[],
): FieldOverride {
  const kept = configuredIndexes(scope, fieldPath, overrides);
  return {
    collectionGroup: scope.collectionId,
    fieldPath,
    indexes: [...kept, { ...mode, queryScope: scope.queryScope }],
  };
}

function indexFieldsOf(need: IndexNeed): readonly IndexField[] {
  const fields: IndexField[] = [
    ...[...need.equal].map((fieldPath): IndexField => ({ fieldPath, order: "ASCENDING" })),
    ...[...need.contained].map((fieldPath): IndexField => ({ fieldPath, arrayConfig: "CONTAINS" })),
    ...need.sorted.map(({ fieldPath, descending }) => ordered(fieldPath, descending)),
  ];
  const impliedDescending = need.sorted.at(-1)?.descending ?? need.nameDescending;
  const nameIsImplied = fieldsOf(need).length > 0 && impliedDescending === need.nameDescending;
  return nameIsImplied ? fields : [...fields, ordered(NAME_FIELD, need.nameDescending)];
}

function ordered(fieldPath: string, descending: boolean): IndexField {
  return { fieldPath, order: descending ? "DESCENDING" : "ASCENDING" };
}
