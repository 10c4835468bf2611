import * as z from "zod/mini";
import { builderPart } from "../../../shop/domain/builder-part.ts";
import type { Order } from "../../../shop/domain/order.ts";
import type { Deps } from "../../deps.ts";
import { defineRoute } from "../define-route.ts";
import { currency, money, person, personOrAlias, time, written } from "../fields.ts";
import { orderView, viewOfOrder } from "../order-view.ts";

/** Reads what a builder has to do, and what they have sold this month. It only reads. */
export const builderDashboard = defineRoute({
  method: "GET",
  path: "/api/internal/builder-dashboard",
  operationId: "readBuilderDashboard",
  does: "A builder's open orders and parcels to send, at most 100 of each that were paid here, and the sales of this month in UTC.",
  input: z.object({ builder_discord_id: person("The builder") }),
  answer: z.object({
    builder_discord_id: z.string(),
    standing: z.string(),
    open_orders: z.array(orderView),
    parcels_to_send: z.array(
      z.object({
        parcel_id: z.string(),
        buyer_discord_id: personOrAlias,
        order_ids: z.array(z.string()),
        dispatch_by: time,
      }),
    ),
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
    { input: { builder_discord_id: builderId } },
    { builders, orders, parcels, clock }: Pick<Deps, "builders" | "orders" | "parcels" | "clock">,
  ) => {
    const builder = await builders.get(builderId);
    if (!builder) return { refusal: "unregistered", error: "There is no such builder." };
    const now = clock.now();
    const since = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth()));
    const [open, toSend, sold] = await Promise.all([
      orders.openOf(builderId),
      parcels.ofBuilder(builderId, "open"),
      orders.soldSince(builderId, since),
    ]);
    return {
      answer: {
        builder_discord_id: builderId,
        standing: builder.standing.state,
        open_orders: open.map(viewOfOrder),
        parcels_to_send: toSend.map(({ id, buyerId, lines, dispatchBy }) => ({
          parcel_id: id,
          buyer_discord_id: buyerId,
          order_ids: lines.map(({ orderId }) => orderId),
          dispatch_by: written(dispatchBy),
        })),
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
