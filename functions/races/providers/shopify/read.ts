import * as z from "zod/mini";
import { readId } from "../../../../shared/documents/outside-id.ts";
import { readSaleTime } from "../../../../shared/money/sale-reading.ts";
import {
  anyFlag,
  anyText,
  type Identifiers,
  listOf,
  lobbyInAddress,
  type Reading,
  readMoney,
  shopId,
  sumOf,
  titleOfItems,
  unreadable,
} from "../reading.ts";
import { readRefund } from "./read-refund.ts";

/** What we read of an order: https://shopify.dev/docs/api/admin-rest/latest/resources/order */
const orderSchema = z.object({
  id: anyText,
  test: anyFlag,
  currency: anyText,
  subtotal_price: anyText,
  taxes_included: anyFlag,
  processed_at: anyText,
  created_at: anyText,
  landing_site: anyText,
  note_attributes: listOf(z.object({ name: anyText, value: anyText })),
  line_items: listOf(
    z.object({
      title: anyText,
      gift_card: anyFlag,
      price: anyText,
      quantity: anyText,
      discount_allocations: z.optional(listOf(z.object({ amount: anyText }))),
      tax_lines: listOf(z.object({ price: anyText })),
    }),
  ),
});
type Order = z.infer<typeof orderSchema>;
type Line = NonNullable<Order["line_items"]>[number];

/** A delivery of Shopify's whose signature was good. */
interface Delivery {
  readonly topic: string;
  /** The body with its numbers as they were written. */
  readonly content: unknown;
  readonly body: Buffer;
  readonly receivedAt: Date;
}

/**
 * What a webhook of Shopify's reports: paid orders, and what is refunded of them. Disputes cannot be
 * subscribed to where these are: docs/decisions/0027-what-is-merch.md.
 */
export function readDelivery({ topic, content, body, receivedAt }: Delivery): Reading {
  if (topic === "orders/paid") return readOrder(content, body, receivedAt);
  if (topic === "refunds/create") return readRefund(content, body);
  return { kind: "nothing", why: "Webhooks of this topic are not used." };
}

function readOrder(content: unknown, body: Buffer, receivedAt: Date): Reading {
  const order = orderSchema.safeParse(content).data;
  const unread = (what: string) => unreadable(what, identifiersOf(order), body);
  if (!order) return unread("it is no order");
  if (order.test) return { kind: "nothing", why: "Test orders do not count." };
  if (order.line_items?.length && order.line_items.every((line) => line.gift_card)) {
    return { kind: "nothing", why: "Gift cards are not merch: what they buy later is." };
  }
  const id = shopId.safeParse(order.id);
  if (!id.success) return unread("its id is missing or unreadable");
  const base = baseOf(order);
  if (!base) return unread("its amounts or currency are missing or unreadable");
  const time = readSaleTime(order.processed_at ?? order.created_at ?? "", receivedAt);
  if (!time) return unread("its time is missing, unreadable or ahead");
  const lobbyId = lobbyOf(order);
  return {
    kind: "sale",
    sale: {
      id: `shopify:${id.data}`,
      provider: "shopify",
      base: base.amount,
      currency: base.currency,
      ...time,
      ...(order.taxes_included && { isTaxIncluded: true }),
      ...(lobbyId && { lobbyId }),
      title: titleOf(order),
    },
  };
}

/**
 * The subtotal is without shipping and after discounts; where prices include tax, so does it. Gift cards
 * that were bought are in it, and are no merch. How the order was paid, by a gift card say, is no matter.
 */
function baseOf(order: Order): { amount: number; currency: string } | undefined {
  const subtotal = readMoney(order.subtotal_price, order.currency);
  const lines = order.line_items ?? [];
  const giftCards = sumOf(
    lines.filter((line) => line.gift_card).map((line) => priceOf(line, order.currency)),
  );
  if (!subtotal || giftCards === undefined) return undefined;
  const tax = order.taxes_included ? taxOf(order) : 0;
  if (tax === undefined || tax + giftCards > subtotal.amount) return undefined;
  return { ...subtotal, amount: subtotal.amount - giftCards - tax };
}

/** What a line costs after its discounts. */
function priceOf(
  { price, quantity, discount_allocations: discounts = [] }: Line,
  currency: Order["currency"],
): number | undefined {
  const each = readMoney(price, currency)?.amount;
  const pieces = /^\d{1,6}$/.test(quantity ?? "") ? Number(quantity) : undefined;
  const off = sumOf(discounts?.map(({ amount }) => readMoney(amount, currency)?.amount));
  if (each === undefined || pieces === undefined || off === undefined) return undefined;
  return each * pieces - off;
}

/** The tax on what is merch; undefined where it cannot be read. */
function taxOf({ line_items: lines, currency }: Order): number | undefined {
  const taxed = lines?.filter((line) => !line.gift_card);
  return sumOf(
    taxed?.flatMap(
      ({ tax_lines: taxes }) =>
        taxes?.map(({ price }) => readMoney(price, currency)?.amount) ?? [undefined],
    ),
  );
}

function lobbyOf({ note_attributes: notes, landing_site: landing }: Order): string | undefined {
  const noted = notes?.find(({ name }) => name?.toLowerCase() === "lobby")?.value;
  return readId(noted) ?? lobbyInAddress(landing);
}

function titleOf({ line_items: lines }: Order): string {
  const items = lines?.filter((line) => !line.gift_card);
  return titleOfItems(
    items?.map(({ title }) => title),
    "An order on Shopify",
  );
}

function identifiersOf(order: Order | undefined): Identifiers {
  return {
    provider: "shopify",
    type: "orders/paid",
    id: order?.id,
    amount: order?.subtotal_price,
    currency: order?.currency,
    time: order?.processed_at ?? order?.created_at,
  };
}
