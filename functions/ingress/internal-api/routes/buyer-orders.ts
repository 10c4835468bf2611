import * as z from "zod/mini";
import type { Deps } from "../../deps.ts";
import { defineRoute } from "../define-route.ts";
import { person } from "../fields.ts";
import { orderView, viewOfOrder } from "../order-view.ts";

/** A cursor contains when the last order of a page was changed, and its id. */
const CURSOR = /^(\d{1,15})\.([A-Za-z0-9_-]{1,200})$/;
const PAGE = 25;

/** Lists a buyer's orders. It only reads. */
export const buyerOrders = defineRoute({
  method: "GET",
  path: "/api/internal/buyer-orders",
  operationId: "listBuyerOrders",
  does: `A buyer's orders, ${PAGE} at a time, those that changed last first. An order that changes between two pages moves to the front.`,
  input: z.object({
    buyer_discord_id: person("The buyer"),
    cursor: z.optional(
      z.string().check(
        z.refine((cursor) => readCursor(cursor) !== undefined),
        z.describe("`next_cursor` of the page before"),
      ),
    ),
  }),
  answer: z.object({
    orders: z.array(orderView),
    next_cursor: z.nullable(z.string()),
  }),
  errors: {},
  run: async ({ input }, { orders }: Pick<Deps, "orders">) => {
    const after = readCursor(input.cursor);
    const found = await orders.pageOfBuyer(input.buyer_discord_id, after, PAGE);
    const { next } = found;
    return {
      answer: {
        orders: found.orders.map(viewOfOrder),
        next_cursor: next ? encoded(`${next.updatedAt.getTime()}.${next.id}`) : null,
      },
    };
  },
});

function encoded(cursor: string): string {
  return Buffer.from(cursor).toString("base64url");
}

function readCursor(cursor = "") {
  const [, ms, id] = CURSOR.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  return ms === undefined || id === undefined ? undefined : { updatedAt: new Date(Number(ms)), id };
}
