import * as z from "zod/mini";
import { type Drop, pictureCount } from "../../shop/domain/drop.ts";
import type { Deps } from "../deps.ts";
import { currency, money, time, writtenOrNull } from "./fields.ts";
import { termsView, viewOfTerms } from "./terms-fields.ts";

/** A drop after it was made or changed. */
export const dropView = z.object({
  drop_id: z.string(),
  title: z.string(),
  description: z.string(),
  price: money,
  currency,
  limit_per_buyer: z.int(),
  pictures: z.int().check(z.describe("How many it has")),
  state: z.enum(["open", "closed", "draft", "discarded"]),
  shipping: z.nullable(termsView).check(z.describe("How it ships; null on the oldest drops")),
  opens_at: z.nullable(time).check(z.describe("When a draft opens by itself")),
  free: z.int(),
  reserved: z.int(),
  sold: z.int(),
  url: z.string(),
});

/** The view of a drop, with its units counted now. */
export async function viewOfDrop(
  drop: Drop,
  {
    drops,
    config,
  }: Pick<Deps, "drops"> & { readonly config: Pick<Deps["config"], "PUBLIC_SITE_URL"> },
): Promise<z.input<typeof dropView>> {
  return {
    drop_id: drop.id,
    title: drop.title,
    description: drop.description,
    price: drop.price,
    currency: drop.currency,
    limit_per_buyer: drop.limitPerBuyer,
    pictures: pictureCount(drop),
    state: stateOf(drop),
    shipping: drop.shipping ? viewOfTerms(drop.shipping) : null,
    opens_at: writtenOrNull(drop.opensAt),
    ...(await drops.stockLevel(drop.id)),
    url: `${config.PUBLIC_SITE_URL}/drop/${drop.id}`,
  };
}

function stateOf({ draftState, isClosed }: Drop): z.input<typeof dropView>["state"] {
  if (draftState === "draft" || draftState === "discarded") return draftState;
  return isClosed ? "closed" : "open";
}
