import * as z from "zod/mini";
import { builderPart } from "../../../shop/domain/builder-part.ts";
import type { Order } from "../../../shop/domain/order.ts";
import type { Deps } from "../../deps.ts";
import { cursorField, readCursor, writtenCursor } from "../cursor.ts";
import { defineRoute } from "../define-route.ts";
import { currency, money, person, personOrAlias, time, written } from "../fields.ts";
import { orderView, viewOfOrder } from "../order-view.ts";

const PAGE = 100;

/** Reads what a builder has to do, and what they have sold this month. It only reads. */
export const builderDashboard = defineRoute({
  method: "GET",
  path: "/api/internal/builder-dashboard",
  operationId: "readBuilderDashboard",
  does: `A builder's open orders and parcels to send, ${PAGE} of each at a time, and the sales of this month in UTC. The list of open orders begins with those paid last, that of parcels with those due first.`,
  input: z.object({
    builder_discord_id: person("The builder"),
    orders_cursor: cursorField("next_orders_cursor"),
    parcels_cursor: cursorField("next_parcels_cursor"),
  }),
  answer: z.object({
    builder_discord_id: z.string(),
    standing: z.string(),
    open_orders: z.array(orderView),
    next_orders_cursor: z.nullable(z.string()),
    parcels_to_send: z.array(
      z.object({
        parcel_id: z.string(),
        buyer_discord_id: personOrAlias,
        order_ids: z.array(z.string()),
        dispatch_by: time,
      }),
    ),
    next_parcels_cursor: z.nullable(z.string()),
    month: z.object({
      since: time,
      sales: z.array(
        z.object({
          currency,
          orders: z.int(),
          total: money,
          refunded: money,
          builder_part: money,
        }),
      ),
    }),
  }),
  errors: { unregistered: { status: 404, when: "there is no such builder" } },
  run: async (
    { input },
    { builders, orders, parcels, clock }: Pick<Deps, "builders" | "orders" | "parcels" | "clock">,
  ) => {
    const { builder_discord_id: builderId } = input;
    const builder = await builders.get(builderId);
    if (!builder) return { refusal: "unregistered", error: "There is no such builder." };
    const now = clock.now();
    const since = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth()));
    const [open, toSend, sold] = await Promise.all([
      orders.pageOfOpen(builderId, readCursor(input.orders_cursor), PAGE),
      parcels.pageToSend(builderId, readCursor(input.parcels_cursor), PAGE),
      orders.soldSince(builderId, since),
    ]);
    return {
      answer: {
        builder_discord_id: builderId,
        standing: builder.standing.state,
        open_orders: open.orders.map(viewOfOrder),
        next_orders_cursor: writtenCursor(open.next),
        parcels_to_send: toSend.parcels.map(({ id, buyerId, lines, dispatchBy }) => ({
          parcel_id: id,
          buyer_discord_id: buyerId,
          order_ids: lines.map(({ orderId }) => orderId),
          dispatch_by: written(dispatchBy),
        })),
        next_parcels_cursor: writtenCursor(toSend.next),
        month: { since: written(since), sales: salesOf(sold) },
      },
    };
  },
});

/** The sums of orders by currency. */
function salesOf(sold: readonly Order[]) {
  const payments = sold.flatMap(({ payment }) => payment ?? []);
  return Array.from(
    Map.groupBy(payments, (payment) => payment.currency),
    ([code, paid]) => ({
      currency: code,
      orders: paid.length,
      total: sum(paid.map(({ amount }) => amount)),
      refunded: sum(paid.map(({ refunded }) => refunded)),
      builder_part: sum(paid.map(builderPart)),
    }),
  );
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((all, amount) => all + amount, 0);
}
