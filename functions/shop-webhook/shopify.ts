import * as z from "zod/mini";
import { readLobbyId, readSaleTime, saleTitle } from "../../shared/domain/sale-reading.ts";
import { anyText, type News, readMoney, shopId, type Traces, unreadable } from "./news.ts";

const anyFlag = z.catch(z.optional(z.nullable(z.boolean())), undefined);
/** A list where there may be anything else, which then counts as unreadable. */
const listOf = <Item extends z.ZodMiniType>(item: Item) => z.catch(z.nullable(z.array(item)), null);

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
  line_items: listOf(z.object({ title: anyText, tax_lines: listOf(z.object({ price: anyText })) })),
});
type Order = z.infer<typeof orderSchema>;

/** Money in the currency of the shop, in which its orders are. */
const moneySet = z.catch(
  z.optional(z.object({ shop_money: z.object({ amount: anyText, currency_code: anyText }) })),
  undefined,
);

/** What we read of a refund: https://shopify.dev/docs/api/admin-rest/latest/resources/refund */
const refundSchema = z.object({
  id: anyText,
  order_id: anyText,
  created_at: anyText,
  refund_line_items: listOf(
    z.object({ subtotal: anyText, subtotal_set: moneySet, total_tax: anyText }),
  ),
  order_adjustments: listOf(z.object({})),
  transactions: listOf(z.object({ amount: anyText, currency: anyText, test: anyFlag })),
});
type Refund = z.infer<typeof refundSchema>;

/** A delivery of Shopify's whose signature was good. */
interface Delivery {
  readonly topic: string;
  /** The body with its numbers as they were written. */
  readonly content: unknown;
  readonly body: Buffer;
  readonly heardAt: Date;
}

/** What a webhook of Shopify's means to us: paid orders, and what is refunded of them. */
export function readShopify({ topic, content, body, heardAt }: Delivery): News {
  if (topic === "orders/paid") return readOrder(content, body, heardAt);
  if (topic === "refunds/create") return readRefund(content, body);
  return { kind: "nothing", why: "Webhooks of this topic are not used." };
}

function readOrder(content: unknown, body: Buffer, heardAt: Date): News {
  const order = orderSchema.safeParse(content).data;
  const unread = (what: string) => unreadable(what, tracesOfOrder(order), body);
  if (!order) return unread("it is no order");
  if (order.test) return { kind: "nothing", why: "Test orders do not count." };
  const id = shopId.safeParse(order.id);
  if (!id.success) return unread("its id is missing or unreadable");
  const base = baseOf(order);
  if (!base) return unread("its amounts or currency are missing or unreadable");
  const soldAt = readSaleTime(order.processed_at ?? order.created_at ?? "", heardAt);
  if (!soldAt) return unread("its time is missing, unreadable or ahead");
  const lobbyId = lobbyOf(order);
  return {
    kind: "sale",
    sale: {
      id: `shopify:${id.data}`,
      provider: "shopify",
      base: base.amount,
      currency: base.currency,
      soldAtMs: soldAt.getTime(),
      ...(lobbyId && { lobbyId }),
      title: titleOf(order),
    },
  };
}

/** The subtotal is without shipping and after discounts; where prices include tax, so does it. */
function baseOf(order: Order): { amount: number; currency: string } | undefined {
  const subtotal = readMoney(order.subtotal_price, order.currency);
  if (!subtotal || !order.taxes_included) return subtotal;
  const taxes = order.line_items?.flatMap(
    ({ tax_lines: lines }) =>
      lines?.map(({ price }) => readMoney(price, order.currency)?.amount) ?? [undefined],
  );
  const tax = sumOf(taxes);
  if (tax === undefined || tax > subtotal.amount) return undefined;
  return { ...subtotal, amount: subtotal.amount - tax };
}

function lobbyOf({ note_attributes: notes, landing_site: landing }: Order): string | undefined {
  const noted = notes?.find(({ name }) => name?.toLowerCase() === "lobby")?.value;
  const [, query = ""] = /^[^?#]*\?([^#]*)/.exec(landing ?? "") ?? [];
  return readLobbyId(noted) ?? readLobbyId(new URLSearchParams(query).get("lobby"));
}

function titleOf({ line_items: items }: Order): string {
  const first = saleTitle(items?.[0]?.title ?? "") || "An order on Shopify";
  const others = (items?.length ?? 0) - 1;
  return saleTitle(others > 0 ? `${first} and ${others} more` : first);
}

/** What a refund gives back of its items; one of shipping or of goodwill gives back none. */
function readRefund(content: unknown, body: Buffer): News {
  const refund = refundSchema.safeParse(content).data;
  const unread = (what: string) => unreadable(what, tracesOfRefund(refund), body);
  if (!refund) return unread("it is no refund");
  const { transactions, refund_line_items: items } = refund;
  if (transactions?.length && transactions.every(({ test }) => test)) {
    return { kind: "nothing", why: "Test orders do not count." };
  }
  const [id, orderId] = [shopId.safeParse(refund.id), shopId.safeParse(refund.order_id)];
  if (!id.success || !orderId.success) return unread("its ids are missing or unreadable");
  if (items?.length === 0) return { kind: "nothing", why: "No items were refunded." };
  const taken = takenBy(refund);
  if (!taken) return unread("its amounts or currency are missing or unreadable");
  const [saleId, refundId] = [`shopify:${orderId.data}`, `refund-${id.data}`];
  const eventId = `${saleId}/${refundId}/${taken.amount}`;
  return { kind: "refund", refund: { id: eventId, saleId, refundId, ...taken } };
}

/**
 * What the items of a refund cost. Whether that includes tax it does not say; it does when the items'
 * tax was not paid back on top of it.
 */
function takenBy(refund: Refund): { amount: number; currency: string } | undefined {
  const { refund_line_items: items, transactions, order_adjustments: adjustments } = refund;
  const { currency } = tracesOfRefund(refund);
  const read = (text: string | null | undefined) => readMoney(text, currency)?.amount;
  const amount = sumOf(items?.map((item) => read(subtotalOf(item))));
  const code = readMoney("0", currency)?.currency;
  if (amount === undefined || code === undefined) return undefined;
  const paidBack = sumOf(transactions?.map((transaction) => read(transaction.amount)));
  const tax = sumOf(items?.map((item) => read(item.total_tax))) ?? 0;
  const isWithin = paidBack === amount && !adjustments?.length && tax <= amount;
  return { amount: isWithin ? amount - tax : amount, currency: code };
}

/** Undefined when one of them is. */
function sumOf(amounts: readonly (number | undefined)[] | undefined): number | undefined {
  return amounts?.reduce(
    (sum, amount) => (sum === undefined || amount === undefined ? undefined : sum + amount),
    0,
  );
}

function subtotalOf(
  item: NonNullable<Refund["refund_line_items"]>[number],
): string | null | undefined {
  return item.subtotal_set?.shop_money.amount ?? item.subtotal;
}

function tracesOfOrder(order: Order | undefined): Traces {
  return {
    provider: "shopify",
    type: "orders/paid",
    id: order?.id,
    amount: order?.subtotal_price,
    currency: order?.currency,
    time: order?.processed_at ?? order?.created_at,
  };
}

function tracesOfRefund(refund: Refund | undefined): Traces {
  const first = refund?.refund_line_items?.[0];
  return {
    provider: "shopify",
    type: "refunds/create",
    id: refund?.id && `refund-${refund.id}`,
    amount: first && subtotalOf(first),
    currency: first?.subtotal_set?.shop_money.currency_code ?? refund?.transactions?.[0]?.currency,
    time: refund?.created_at,
  };
}
