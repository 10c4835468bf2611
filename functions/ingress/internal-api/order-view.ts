import * as z from "zod/mini";
import { type Order, quantityOf } from "../../shop/domain/order.ts";
import { currency, money, personOrAlias } from "./fields.ts";

/** An order as lists show it. */
export const orderView = z.object({
  order_id: z.string(),
  title: z.nullable(z.string()),
  quantity: z.int(),
  status: z.string(),
  buyer_discord_id: personOrAlias,
  builder_discord_id: personOrAlias,
  drop_id: z.nullable(z.string()),
  auction_id: z.nullable(z.string()),
  total: z.nullable(money),
  refunded: z.nullable(money),
  currency: z.nullable(currency),
  parcel_id: z.nullable(z.string()),
});

/** The view of an order. Orders that were not paid here have no amounts. */
export function viewOfOrder(order: Order): z.input<typeof orderView> {
  const { payment } = order;
  return {
    order_id: order.id,
    title: order.title ?? null,
    quantity: quantityOf(order),
    status: order.fulfillmentStatus,
    buyer_discord_id: order.buyerId,
    builder_discord_id: order.builderId,
    drop_id: order.dropId ?? null,
    auction_id: order.auctionId ?? null,
    total: payment?.amount ?? null,
    refunded: payment?.refunded ?? null,
    currency: payment?.currency ?? null,
    parcel_id: order.parcel?.id ?? null,
  };
}
