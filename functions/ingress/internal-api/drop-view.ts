import * as z from "zod/mini";
import type { Drop } from "../../shop/domain/drop.ts";
import type { Deps } from "../deps.ts";
import { currency, money } from "./fields.ts";

/** A drop after it was made or changed. */
export const dropView = z.object({
  drop_id: z.string(),
  title: z.string(),
  description: z.string(),
  price: money,
  currency,
  state: z.enum(["open", "closed", "draft"]),
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
    state: drop.draftState === "draft" ? "draft" : drop.isClosed ? "closed" : "open",
    ...(await drops.stockLevel(drop.id)),
    url: `${config.PUBLIC_SITE_URL}/drop/${drop.id}`,
  };
}
