import type { Deps } from "../deps.ts";
import { type Drop, mostPerOrder } from "../domain/drop.ts";
import type { BuyRequest } from "./checkout.ts";

/**
 * How many units of a drop someone may choose from. 1 where there is nothing to choose: also for an order that is made
 * already, for a buyer who has one to pay, and where nothing can be bought, which reserving says why. Reads only.
 */
export async function mostNow(
  drop: Drop,
  { orderId, buyerId }: Pick<BuyRequest, "orderId" | "buyerId">,
  { orders, reservations, drops }: Pick<Deps, "orders" | "reservations" | "drops">,
): Promise<number> {
  const isOffered = !drop.isClosed && drop.builderId !== buyerId;
  if (!isOffered || drop.limitPerBuyer === 1 || (await orders.get(orderId))) return 1;
  const [room = 1, { free }] = await Promise.all([
    reservations.roomOf(drop, buyerId),
    drops.stockLevel(drop.id),
  ]);
  return Math.max(1, Math.min(room, free, mostPerOrder(drop)));
}
