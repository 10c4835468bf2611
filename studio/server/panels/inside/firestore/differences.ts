import type { Fields, StoredDocument, Value } from "../../../../../local/google/firestore/types.ts";
import { equalValues } from "../../../../../local/google/firestore/values/values.ts";
import { type ShownValue, showValue } from "./values.ts";

/** A field that a commit added, changed or removed. */
export interface FieldChange {
  readonly path: string;
  readonly before: ShownValue | undefined;
  readonly after: ShownValue | undefined;
}

/** What differs between two versions of a document; lists are compared as a whole. */
export function differencesOf(
  before: StoredDocument | undefined,
  after: StoredDocument | undefined,
): FieldChange[] {
  return within("", before?.fields ?? {}, after?.fields ?? {});
}

function within(prefix: string, before: Fields, after: Fields): FieldChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .sort()
    .flatMap((name) => changeOf(`${prefix}${name}`, before[name], after[name]));
}

function changeOf(
  path: string,
  before: Value | undefined,
  after: Value | undefined,
): FieldChange[] {
  if (before && after && equalValues(before, after)) return [];
  if (before?.valueType === "mapValue" && after?.valueType === "mapValue") {
    return within(`${path}.`, before.mapValue.fields, after.mapValue.fields);
  }
  return [{ path, before: before && showValue(before), after: after && showValue(after) }];
}
