import { invalidArgument } from "../grpc-error.ts";
import { assertCollectionId, parseParentName } from "../names.ts";
import type { CollectionSelector, QueryScope } from "../types.ts";

/** The collections that a query reads. */
export interface Scope {
  /** The parent document or the root. */
  readonly parent: string;
  /** The collection id; empty for all collections. */
  readonly collectionId: string;
  /** COLLECTION for collections directly below the parent, COLLECTION_GROUP for any depth. */
  readonly queryScope: QueryScope;
}

/** The scope of a query. Throws INVALID_ARGUMENT for an invalid parent or selector. */
export function compileScope(parent: string, from: readonly CollectionSelector[]): Scope {
  parseParentName(parent);
  const [selector, ...others] = from;
  if (others.length > 0) {
    throw invalidArgument("StructuredQuery.from cannot have more than one collection selector.");
  }
  const collectionId = selector?.collectionId ?? "";
  if (collectionId !== "") assertCollectionId(collectionId);
  const queryScope = selector?.allDescendants ? "COLLECTION_GROUP" : "COLLECTION";
  return { parent, collectionId, queryScope };
}

/** Whether a document with this name is in scope. */
export function inScope(scope: Scope, name: string): boolean {
  if (!name.startsWith(`${scope.parent}/`)) return false;
  const below = name.slice(scope.parent.length + 1).split("/");
  if (scope.queryScope === "COLLECTION" && below.length !== 2) return false;
  return scope.collectionId === "" || below.at(-2) === scope.collectionId;
}
