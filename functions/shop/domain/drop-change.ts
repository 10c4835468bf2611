import type { Drop, DropText } from "./drop.ts";

/** Pictures that replace those of a drop; `preview` keeps a draft's. */
export interface NewPictures {
  readonly count: number;
  readonly preview?: Drop["preview"];
}

/** A change that a builder may make to a drop. */
export type DropChange =
  | { readonly kind: "close" }
  | { readonly kind: "reopen" }
  | ({ readonly kind: "edit"; readonly pictures?: NewPictures } & DropText)
  | { readonly kind: "price"; readonly price: number }
  | { readonly kind: "limit"; readonly limitPerBuyer: number }
  | { readonly kind: "restock"; readonly quantity: number }
  /** When a draft is to open; undefined: not by itself. */
  | { readonly kind: "schedule"; readonly opensAt: Date | undefined }
  | { readonly kind: "discard" };

type DropFields = Partial<
  Pick<
    Drop,
    | "isClosed"
    | "price"
    | "limitPerBuyer"
    | "stock"
    | "title"
    | "description"
    | "draftState"
    | "opensAt"
    | "hasImage"
    | "imageCount"
    | "preview"
    | "image"
  >
>;

/** Why a drop cannot be changed like this now; undefined when it can. */
export function refusalOfChange(
  { kind }: Pick<DropChange, "kind">,
  {
    draftState,
    isClosed,
    post,
    shipping,
  }: Pick<Drop, "draftState" | "isClosed" | "post" | "shipping">,
) {
  if (draftState === "discarded") return "not-found";
  const isDraft = draftState === "draft";
  if (kind === "schedule" || kind === "discard") return isDraft ? undefined : "no-draft";
  if (isDraft) return kind === "close" || kind === "reopen" ? "still-draft" : undefined;
  if (kind !== "reopen" && kind !== "restock") return undefined;
  if (isClosed && !post) return "never-posted";
  return shipping ? undefined : "no-terms";
}

/** The fields that a change sets, with their new values: the price in minor units, the stock in units. */
export function fieldsAfter(change: DropChange, { stock, isClosed, draftState }: Drop): DropFields {
  switch (change.kind) {
    case "close":
      return { isClosed: true };
    case "reopen":
      return { isClosed: false };
    case "edit":
      return {
        title: change.title,
        description: change.description,
        ...(change.pictures && {
          hasImage: change.pictures.count > 0,
          imageCount: change.pictures.count,
          preview: change.pictures.preview,
          image: undefined,
        }),
      };
    case "price":
      return { price: change.price };
    case "limit":
      return { limitPerBuyer: change.limitPerBuyer };
    case "restock":
      return { stock: stock + change.quantity, isClosed: isClosed && draftState === "draft" };
    case "schedule":
      return { opensAt: change.opensAt };
    case "discard":
      return { draftState: "discarded", opensAt: undefined };
  }
}
