import {
  type Asked,
  type CacheDeps,
  type Choice,
  cached,
} from "../../../shared/autocomplete/suggestions.ts";
import { isOpen } from "../../shop/domain/order.ts";
import type { Deps } from "../deps.ts";

type ParcelDeps = CacheDeps & Pick<Deps, "parcels" | "orders">;

/** What options of commands may offer, by what the options call it in `suggest`. */
export const fulfilmentSuggestions = {
  "parcels-to-send": parcelsToSend,
  "unsent-orders": unsentOrders,
} as const;

/** A builder's parcels that wait to be sent, those that are due first in front. */
function parcelsToSend({ userId }: Asked, deps: ParcelDeps): Promise<readonly Choice[]> {
  return cached({ whose: userId, name: "parcels-to-send" }, deps, async () => {
    const open = await deps.parcels.ofBuilder(userId, "open");
    return Promise.all(
      open.map(async ({ id, lines, destination }) => {
        const first = await deps.orders.get(lines[0]?.orderId ?? id);
        const more = lines.length > 1 ? ` and ${lines.length - 1} more` : "";
        return { id, label: [id, `${first?.title ?? "an order"}${more}`, destination].join(" · ") };
      }),
    );
  });
}

/** What a buyer has paid for and is still to be sent, of their last orders. */
function unsentOrders({ userId }: Asked, deps: ParcelDeps): Promise<readonly Choice[]> {
  return cached({ whose: userId, name: "unsent-orders" }, deps, async () => {
    const unsent = (await deps.orders.ofBuyer(userId)).filter(isOpen);
    return unsent.map(({ id, title, fulfillmentStatus }) => ({
      id,
      label: [id, title, fulfillmentStatus].filter(Boolean).join(" · "),
    }));
  });
}
