import * as z from "zod/mini";
import {
  anyFlag,
  anyText,
  listOf,
  type News,
  readMoney,
  shopId,
  sumOf,
  type Traces,
  unreadable,
} from "./news.ts";

/** Money in the currency of the shop, in which its orders are, and in that of the buyer. */
const money = z.catch(z.optional(z.object({ amount: anyText, currency_code: anyText })), undefined);
const moneySet = z.catch(
  z.optional(z.object({ shop_money: money, presentment_money: money })),
  undefined,
);
type MoneySet = z.infer<typeof moneySet>;

/** What we read of a refund: https://shopify.dev/docs/api/admin-rest/latest/resources/refund */
const refundSchema = z.object({
  id: anyText,
  order_id: anyText,
  created_at: anyText,
  refund_line_items: listOf(
    z.object({
      ...{ subtotal: anyText, subtotal_set: moneySet },
      ...{ total_tax: anyText, total_tax_set: moneySet },
    }),
  ),
  order_adjustments: listOf(
    z.object({
      kind: anyText,
      ...{ amount: anyText, amount_set: moneySet },
      ...{ tax_amount: anyText, tax_amount_set: moneySet },
    }),
  ),
  transactions: listOf(
    z.object({ kind: anyText, status: anyText, amount: anyText, currency: anyText, test: anyFlag }),
  ),
});
type Refund = z.infer<typeof refundSchema>;

/** What a refund costs the items, by whether the sale's prices have tax in them. */
interface Costs {
  readonly amount: number;
  readonly amountWithTaxIn: number;
  readonly currency: string;
}

/**
 * What a refund gives back of its items, at the most what was paid back for them. Shipping alone and
 * goods taken back without money are nothing; money that is for no items can not be counted.
 */
export function readRefund(content: unknown, body: Buffer): News {
  const refund = refundSchema.safeParse(content).data;
  const unread = (what: string) => unreadable(what, tracesOf(refund), body);
  if (!refund) return unread("it is no refund");
  const { transactions, refund_line_items: items } = refund;
  if (!transactions || !items) return unread("its items or transactions are missing or unreadable");
  if (transactions.length > 0 && transactions.every(({ test }) => test)) {
    return { kind: "nothing", why: "Test orders do not count." };
  }
  const [id, orderId] = [shopId.safeParse(refund.id), shopId.safeParse(refund.order_id)];
  if (!id.success || !orderId.success) return unread("its ids are missing or unreadable");
  if (transactions.some(({ status }) => !status || !SETTLED.has(status))) {
    return unread("it is not certain that its money was paid back");
  }
  const paidBack = paidBackBy(transactions);
  if (paidBack === undefined) return unread("its amounts or currency are missing or unreadable");
  if (!paidBack.amount) return { kind: "nothing", why: "No money was paid back." };
  const costs = costsOf(refund, paidBack);
  if (!costs) return unread("its amounts or currency are missing or unreadable");
  if (costs === "of no items") return unread("it pays back money without saying for which items");
  if (costs === "shipping") return { kind: "nothing", why: "No items were refunded." };
  const [saleId, refundId] = [`shopify:${orderId.data}`, `refund-${id.data}`];
  const eventId = `${saleId}/${refundId}/${costs.amount}`;
  return { kind: "refund", refund: { id: eventId, saleId, refundId, ...costs } };
}

/** https://shopify.dev/docs/api/admin-rest/latest/resources/transaction: what will not change. */
const SETTLED: ReadonlySet<string> = new Set(["success", "failure", "error"]);

interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** All in one currency, or undefined; 0 of no currency where no money moved. */
function paidBackBy(transactions: NonNullable<Refund["transactions"]>): Money | undefined {
  const made = transactions.filter(({ kind, status }) => kind === "refund" && status === "success");
  const currency = made[0]?.currency;
  if (!currency) return made.length === 0 ? { amount: 0, currency: "" } : undefined;
  if (made.some((each) => each.currency !== currency)) return undefined;
  const amount = sumOf(made.map((each) => readMoney(each.amount, currency)?.amount));
  return amount === undefined ? undefined : { amount, currency: currency.toLowerCase() };
}

/**
 * What was paid back is compared in its own currency, which may be the buyer's; the sale is in the
 * shop's. Where less than the items was paid back, as much of their price without tax counts.
 */
function costsOf(refund: Refund, paidBack: Money): Costs | "shipping" | "of no items" | undefined {
  const shopCurrency = shopCurrencyOf(refund) ?? paidBack.currency;
  const inShop = partsIn(refund, shopCurrency, shopCurrency);
  const inPaid = partsIn(refund, paidBack.currency, shopCurrency);
  if (!inShop || !inPaid) return undefined;
  const forItems = Math.max(0, paidBack.amount - inPaid.shipping);
  if (refund.refund_line_items?.length === 0) return forItems > 0 ? "of no items" : "shipping";
  const taxless = Math.max(0, inShop.items - inShop.tax);
  return {
    amount: partOf(inShop.items, forItems, inPaid.items + inPaid.tax),
    amountWithTaxIn: partOf(taxless, forItems, inPaid.items),
    currency: shopCurrency,
  };
}

function partOf(price: number, paid: number, whole: number): number {
  if (paid >= whole) return price;
  return Number((BigInt(price) * BigInt(paid)) / BigInt(whole));
}

/** Undefined where one of them is not told in this currency. */
function partsIn(
  { refund_line_items: items, order_adjustments: adjustments }: Refund,
  currency: string,
  shopCurrency: string,
): { items: number; tax: number; shipping: number } | undefined {
  const read = (set: MoneySet, plain: string | null | undefined, absent?: number) => {
    const told = [set?.shop_money, set?.presentment_money].find(
      (each) => each?.currency_code?.toLowerCase() === currency,
    );
    // What has no currency of its own is in the shop's.
    const text = told?.amount ?? (currency === shopCurrency ? plain : undefined);
    return text ? readMoney(text.replace(/^-/, ""), currency)?.amount : absent;
  };
  const shipping = adjustments?.filter(({ kind }) => kind === "shipping_refund") ?? [];
  const sums = {
    items: sumOf(items?.map((item) => readPositive(item, read))),
    tax: sumOf(items?.map((item) => read(item.total_tax_set, item.total_tax, 0))),
    shipping: sumOf(
      shipping.flatMap((each) => [
        read(each.amount_set, each.amount),
        read(each.tax_amount_set, each.tax_amount, 0),
      ]),
    ),
  };
  const { items: cost, tax, shipping: sent } = sums;
  if (cost === undefined || tax === undefined || sent === undefined) return undefined;
  return { items: cost, tax, shipping: sent };
}

/** Only what is taken off an order is told with a minus. */
function readPositive(
  { subtotal, subtotal_set: set }: NonNullable<Refund["refund_line_items"]>[number],
  read: (set: MoneySet, plain: string | null | undefined) => number | undefined,
): number | undefined {
  const isNegative = [subtotal, set?.shop_money?.amount].some((text) => text?.startsWith("-"));
  return isNegative ? undefined : read(set, subtotal);
}

function shopCurrencyOf({ refund_line_items: items, order_adjustments: others }: Refund) {
  const [item] = items ?? [];
  const set = item ? item.subtotal_set : others?.[0]?.amount_set;
  return set?.shop_money?.currency_code?.toLowerCase();
}

function tracesOf(refund: Refund | undefined): Traces {
  const first = refund?.refund_line_items?.[0];
  const paid = refund?.transactions?.[0];
  return {
    provider: "shopify",
    type: "refunds/create",
    id: refund?.id && `refund-${refund.id}`,
    amount: first?.subtotal_set?.shop_money?.amount ?? first?.subtotal ?? paid?.amount,
    currency: first?.subtotal_set?.shop_money?.currency_code ?? paid?.currency,
    time: refund?.created_at,
  };
}
