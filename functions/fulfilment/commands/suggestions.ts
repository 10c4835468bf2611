import {
  type Asked,
  type CacheDeps,
  type Choice,
  cached,
} from "../../../shared/autocomplete/suggestions.ts";
import { isOpen, type Order, orderTitle } from "../../shop/domain/order.ts";
import type { Deps } from "../deps.ts";

type ParcelDeps = CacheDeps & Pick<Deps, "parcels" | "orders">;

/** What options of commands may offer, by what the options call it in `suggest`. */
export const fulfilmentSuggestions = {
  "parcels-to-send": parcelsToSend,
  "unsent-orders": unsentOrders,
  "sent-orders": sentOrders,
} as const;

/** A builder's parcels that wait to be sent, those that are due first in front. */
function parcelsToSend({ userId }: Asked, deps: ParcelDeps): Promise<readonly Choice[]> {
  return cached({ whose: userId, name: "parcels-to-send" }, deps, async () => {
    const open = await deps.parcels.ofBuilder(userId, "open");
    return Promise.all(
      open.map(async ({ id, lines, destination }) => {
        const first = await deps.orders.get(lines[0]?.orderId ?? id);
        const more = lines.length > 1 ? ` and ${lines.length - 1} more` : "";
        return {
          id,
          label: [id, `${(first && orderTitle(first)) ?? "an order"}${more}`, destination].join(
            " · ",
          ),
        };
      }),
    );
  });
}

/** What a buyer has paid for and is still to be sent, of their last orders. */
function unsentOrders({ userId }: Asked, deps: ParcelDeps): Promise<readonly Choice[]> {
  return cached({ whose: userId, name: "unsent-orders" }, deps, async () => {
    return (await deps.orders.ofBuyer(userId)).filter(isOpen).map(orderChoice);
  });
}

/** What was sent to a buyer, of their last orders. */
function sentOrders({ userId }: Asked, deps: ParcelDeps): Promise<readonly Choice[]> {
  return cached({ whose: userId, name: "sent-orders" }, deps, async () => {
    const isSent = ({ parcel }: Order) => parcel?.state === "sent" || parcel?.state === "arrived";
    return (await deps.orders.ofBuyer(userId)).filter(isSent).map(orderChoice);
  });
}

function orderChoice(order: Order): Choice {
  const { id, fulfillmentStatus } = order;
  return { id, label: [id, orderTitle(order), fulfillmentStatus].filter(Boolean).join(" · ") };
}
