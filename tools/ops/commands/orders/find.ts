import { readTracking } from "../../../../functions/fulfilment/domain/carriers.ts";
import type { Deps } from "../../../../functions/operations/deps.ts";
import {
  createOrderSearch,
  type FoundOrders,
  type OrderQuery,
} from "../../../../functions/operations/store/order-search.ts";
import { orderTitle } from "../../../../functions/shop/domain/order.ts";
import { connectFirestore } from "../../../../shared/clients/firestore.ts";
import { isId } from "../../../../shared/documents/outside-id.ts";
import { UsageError } from "../../../cli/command-line.ts";
import { oneLine, table } from "../../../cli/table.ts";
import { defineCommand, exitCodes } from "../../command.ts";
import { moneyWord } from "./arguments.ts";

const HEADINGS = ["order", "status", "total", "buyer", "builder", "parcel", "title"] as const;
const TITLE_LENGTH = 40;

/** Finds orders by what is known of them. Reads Firestore only. */
export const findOrders = defineCommand({
  name: "orders find",
  usage:
    "[ORDER] [--buyer ID] [--builder ID] [--payment ID] [--tracking NUMBER] [--status STATUS] [--json]",
  does: `lists the orders that fit everything given, those that changed last first: the order's id, people by their
           Discord ids, Stripe's id of the payment (pi_…), charge (ch_…) or Checkout Session (cs_…), the tracking
           number, the status. Exit code 1 if there is none`,
  options: {
    buyer: { type: "string" },
    builder: { type: "string" },
    payment: { type: "string" },
    tracking: { type: "string" },
    status: { type: "string" },
    json: { type: "boolean" },
  },

  async run({ values, positionals }, context, say) {
    const [orderId, ...more] = positionals;
    const { buyer: buyerId, builder: builderId, payment: paymentId, status, json } = values;
    const tracking = values.tracking === undefined ? undefined : readTracking(values.tracking);
    const query = { buyerId, builderId, paymentId, status, tracking };
    const isEmpty = Object.values(query).every((value) => value === undefined);
    if (more.length > 0 || (orderId !== undefined) !== isEmpty) {
      throw new UsageError("Give an order's id, or what you know of it with the options.");
    }
    const { deps } = await context.open(["GOOGLE_CLOUD_PROJECT"]);
    const found = await find(orderId, query, deps);
    if (json) say(JSON.stringify(found.orders, null, 2));
    else print(found, say);
    return found.orders.length > 0 ? exitCodes.fine : exitCodes.needsYou;
  },
});

async function find(
  orderId: string | undefined,
  query: OrderQuery,
  { orders, config }: Deps,
): Promise<FoundOrders> {
  if (orderId === undefined) return createOrderSearch(connectFirestore(config)).find(query);
  const order = isId(orderId) ? await orders.get(orderId) : undefined;
  return { orders: order ? [order] : [], isAll: true };
}

function print({ orders, isAll }: FoundOrders, say: (line: string) => void): void {
  const rows = orders.map(
    ({ id, fulfillmentStatus, payment, buyerId, builderId, parcel, ...order }) => [
      id,
      fulfillmentStatus,
      payment ? moneyWord(payment.amount, payment) : "-",
      buyerId,
      builderId,
      parcel ? parcel.state : "-",
      oneLine(orderTitle(order) ?? "-", TITLE_LENGTH),
    ],
  );
  if (rows.length > 0) for (const line of table(HEADINGS, rows)) say(line);
  const count = rows.length === 1 ? "1 order" : `${rows.length} orders`;
  say(isAll ? `${count}.` : `${count}; there may be more: narrow it down.`);
}
