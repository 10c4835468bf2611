import * as z from "zod/mini";
import { readId } from "../../../../shared/documents/outside-id.ts";
import { readSaleTime } from "../../../../shared/money/sale-reading.ts";
import type { SaleMade, SaleRefunded } from "../../events/sale.ts";
import {
  anyText,
  type Identifiers,
  listOf,
  lobbiesInMessage,
  lobbyInAddress,
  namedBy,
  type Reading,
  shopId,
  titleOfItems,
  unreadable,
} from "../reading.ts";
import { type Exact, readExact, sumOfExact, toMinorUnits } from "./amounts.ts";

/** What we read of an order: https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties */
const orderSchema = z.object({
  id: anyText,
  status: anyText,
  currency: anyText,
  total: anyText,
  total_tax: anyText,
  shipping_total: anyText,
  /** GMT without a zone; null until the order has been paid. */
  date_paid_gmt: anyText,
  customer_note: anyText,
  meta_data: listOf(z.object({ key: anyText, value: anyText })),
  line_items: listOf(z.object({ name: anyText, total: anyText })),
  refunds: listOf(z.object({ id: anyText, total: anyText })),
});
type Order = z.infer<typeof orderSchema>;

/** A delivery whose signature was good. */
interface SignedDelivery {
  readonly topic: string;
  /** The body with its numbers as they were written. */
  readonly content: unknown;
  readonly body: Buffer;
  readonly receivedAt: Date;
}

/** Both carry the whole order as it was when the delivery was made, and so do not depend on their order. */
const TOPICS: ReadonlySet<string> = new Set(["order.created", "order.updated"]);
/** A payment that did not succeed after all keeps its date. */
const UNPAID: ReadonlySet<string> = new Set(["pending", "failed", "checkout-draft", "trash"]);
/** https://woocommerce.com/document/order-attribution-tracking/ */
const LANDING_PAGE = "_wc_order_attribution_session_entry";
/** "test" where WooPayments took no real money. */
const WOOPAYMENTS_MODE = "_wcpay_mode";

/**
 * What a delivery reports: the sale of a paid order, and each of its refunds so far. Deliveries of one order report
 * the same sale and refunds under the same ids, whichever of them arrives, and in whatever order.
 */
export function readDelivery(delivery: SignedDelivery): Reading[] {
  const { topic, content, body, receivedAt } = delivery;
  if (!TOPICS.has(topic)) return [nothing("Webhooks of this topic are not used.")];
  const order = orderSchema.safeParse(content).data;
  const unread = (what: string) => [unreadable(what, identifiersOf(order, topic), body)];
  if (!order) return unread("it is no order");
  if (metaOf(order, WOOPAYMENTS_MODE) === "test") return [nothing("Test orders do not count.")];
  if (UNPAID.has(order.status ?? "") || order.date_paid_gmt === null) {
    return [nothing("The order has not been paid.")];
  }
  const id = shopId.safeParse(order.id);
  if (!id.success) return unread("its id is missing or unreadable");
  const money = moneyOf(order);
  if (!money) return unread("its amounts or currency are missing or unreadable");
  const time = readSaleTime(`${order.date_paid_gmt}Z`, receivedAt);
  if (!time) return unread("its time of payment is missing, unreadable or ahead");
  const sale: SaleMade = {
    id: `woocommerce:${id.data}`,
    provider: "woocommerce",
    base: money.base,
    currency: money.currency,
    ...time,
    ...namedBy(lobbiesOf(order)),
    title: titleOfItems(
      order.line_items?.map(({ name }) => name),
      "An order on WooCommerce",
    ),
  };
  const refunds = refundsOf(order, sale, money.paid);
  const reported: Reading[] = [{ kind: "sale", sale }];
  if (!refunds) return [...reported, ...unread("its refunds are missing or unreadable")];
  return [...reported, ...refunds.map((refund): Reading => ({ kind: "refund", refund }))];
}

function nothing(why: string): Reading {
  return { kind: "nothing", why };
}

interface Money {
  /** What the items cost after discounts. */
  readonly base: number;
  /** All that was paid. */
  readonly paid: number;
  readonly currency: string;
}

/**
 * A line's total is after coupons and without tax, also in shops whose prices include it. Some extensions grant
 * discounts as fees below zero, so that no more counts than was paid beside tax and shipping.
 */
function moneyOf(order: Order): Money | undefined {
  const currency = order.currency?.toLowerCase() ?? "";
  const items = sumOfExact(order.line_items?.map(({ total }) => readExact(total)) ?? [undefined]);
  const [total, tax, shipping] = [order.total, order.total_tax, order.shipping_total].map(
    readExact,
  );
  if (items === undefined) return undefined;
  if (total === undefined || tax === undefined || shipping === undefined) return undefined;
  const base = toMinorUnits(least(items, total - tax - shipping), currency);
  const paid = toMinorUnits(total, currency);
  return base === undefined || paid === undefined ? undefined : { base, paid, currency };
}

function least(one: Exact, other: Exact): Exact {
  return one < other ? one : other;
}

/**
 * The order has the totals of its refunds and not what they are for, so that each takes the items' part of what was
 * paid. Their totals are below zero. Undefined where one of them cannot be read.
 */
function refundsOf(
  order: Order,
  { id: saleId, currency }: SaleMade,
  paid: number,
): SaleRefunded[] | undefined {
  const refunds = order.refunds?.map(({ id, total }): SaleRefunded | undefined => {
    const number = shopId.safeParse(id).data;
    const exact = readExact(total);
    const amount = exact === undefined ? undefined : toMinorUnits(-exact, currency);
    if (number === undefined || amount === undefined) return undefined;
    const refundId = `refund-${number}`;
    return { id: `${saleId}/${refundId}/${amount}`, saleId, refundId, amount, paid, currency };
  });
  if (!refunds || refunds.includes(undefined)) return undefined;
  return refunds.filter((refund) => refund !== undefined).filter(({ amount }) => amount > 0);
}

function lobbiesOf(order: Order): readonly string[] {
  const linked = readId(metaOf(order, "lobby")) ?? lobbyInAddress(metaOf(order, LANDING_PAGE));
  return linked === undefined ? lobbiesInMessage(order.customer_note) : [linked];
}

function metaOf({ meta_data: fields }: Order, wanted: string): string | null | undefined {
  return fields?.find(({ key }) => key === wanted)?.value;
}

function identifiersOf(order: Order | undefined, topic: string): Identifiers {
  return {
    provider: "woocommerce",
    type: topic,
    id: order?.id,
    amount: order?.total,
    currency: order?.currency,
    time: order?.date_paid_gmt,
  };
}
