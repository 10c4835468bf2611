import { goTo, place } from "../../../shell/router.ts";
import { at } from "../links.ts";

/** What the page's address selects in Firestore. */
export interface Selection {
  /** The collection's path; undefined while none is chosen. */
  readonly collection: string | undefined;
  readonly document: string | undefined;
  readonly page: number;
  readonly filter:
    | { readonly field: string; readonly op: Operator; readonly value: string }
    | undefined;
  readonly sort: { readonly field: string; readonly isDescending: boolean } | undefined;
}

export const operators = ["==", "!=", "<", "<=", ">", ">=", "contains"] as const;
export type Operator = (typeof operators)[number];

/** Reads the selection from the address. */
export function readSelection(): Selection {
  const { query } = place.value;
  const document = query.get("document") ?? undefined;
  const field = query.get("where");
  const op = operators.find((each) => each === query.get("op")) ?? "==";
  const sort = query.get("sort");
  return {
    collection: query.get("in") ?? (document && parentOf(document)),
    document,
    page: Math.max(0, Number(query.get("page") ?? 1) - 1) || 0,
    filter: field ? { field, op, value: query.get("value") ?? "" } : undefined,
    sort: sort ? { field: sort, isDescending: query.has("descending") } : undefined,
  };
}

/** The place of a selection. */
export function placeOf({ collection, document, page, filter, sort }: Partial<Selection>): string {
  return at("firestore", {
    in: collection,
    document,
    page: page ? String(page + 1) : undefined,
    where: filter?.field,
    op: filter?.op,
    value: filter?.value,
    sort: sort?.field,
    descending: sort?.isDescending ? "yes" : undefined,
  });
}

/** Changes a part of the selection. */
export function select(changes: Partial<Selection>): void {
  goTo(placeOf({ ...readSelection(), ...changes }));
}

/** The collection of a document, or the document above a collection; "" at the root. */
export function parentOf(path: string): string {
  return path.split("/").slice(0, -1).join("/");
}
