import * as z from "zod/mini";
import type { Deps } from "../../deps.ts";
import { cursorField, readCursor, writtenCursor } from "../cursor.ts";
import { defineRoute } from "../define-route.ts";
import { person } from "../fields.ts";
import { orderView, viewOfOrder } from "../order-view.ts";

const PAGE = 25;

/** Lists a buyer's orders. It only reads. */
export const buyerOrders = defineRoute({
  method: "GET",
  path: "/api/internal/buyer-orders",
  operationId: "listBuyerOrders",
  does: `A buyer's orders, ${PAGE} at a time, those that changed last first. An order that changes between two pages moves to the front.`,
  input: z.object({
    buyer_discord_id: person("The buyer"),
    cursor: cursorField("next_cursor"),
  }),
  answer: z.object({
    orders: z.array(orderView),
    next_cursor: z.nullable(z.string()),
  }),
  errors: {},
  run: async ({ input }, { orders }: Pick<Deps, "orders">) => {
    const after = readCursor(input.cursor);
    const { orders: found, next } = await orders.pageOfBuyer(input.buyer_discord_id, after, PAGE);
    return { answer: { orders: found.map(viewOfOrder), next_cursor: writtenCursor(next) } };
  },
});
