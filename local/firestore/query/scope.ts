import { invalidArgument } from "../grpc-error.ts";
import { assertCollectionId, parseParentName } from "../names.ts";
import type { CollectionSelector, QueryScope } from "../types.ts";

/** The set of names a query can return. */
export interface Scope {
  /** The document or root below which the query looks. */
  readonly parent: string;
  /** The collections by their id; empty for all of them. */
  readonly collectionId: string;
  /** COLLECTION for those directly under the parent, COLLECTION_GROUP for those at any depth. */
  readonly queryScope: QueryScope;
}

/** Where a query looks; throws INVALID_ARGUMENT for a bad parent or selector. */
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

/** Whether a document of this name lies where the query looks. */
export function inScope(scope: Scope, name: string): boolean {
  if (!name.startsWith(`${scope.parent}/`)) return false;
  const below = name.slice(scope.parent.length + 1).split("/");
  if (scope.queryScope === "COLLECTION" && below.length !== 2) return false;
  return scope.collectionId === "" || below.at(-2) === scope.collectionId;
}
