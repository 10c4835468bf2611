import * as z from "zod/mini";
import { formatMoney } from "../../../../shared/money/money.ts";
import {
  anyFlag,
  anyText,
  deadLetterOf,
  type Identifiers,
  listOf,
  type Reading,
  readMoney,
  shopId,
  sumOf,
  unreadable,
} from "../reading.ts";

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
      subtotal: anyText,
      subtotal_set: moneySet,
      total_tax: anyText,
      total_tax_set: moneySet,
      line_item: z.catch(z.optional(z.object({ gift_card: anyFlag })), undefined),
    }),
  ),
  /** Shipping is reported here since version 2024-10, and before that among the adjustments. */
  refund_shipping_lines: listOf(
    z.object({
      subtotal_amount_set: moneySet,
      shipping_line: z.catch(
        z.optional(
          z.object({
            discounted_price_set: moneySet,
            price_set: moneySet,
            tax_lines: listOf(z.object({ price: anyText, price_set: moneySet })),
          }),
        ),
        undefined,
      ),
    }),
  ),
  order_adjustments: listOf(
    z.object({
      kind: anyText,
      amount: anyText,
      amount_set: moneySet,
      tax_amount: anyText,
      tax_amount_set: moneySet,
    }),
  ),
  transactions: listOf(
    z.object({ kind: anyText, status: anyText, amount: anyText, currency: anyText, test: anyFlag }),
  ),
  total_duties_set: moneySet,
});
type Refund = z.infer<typeof refundSchema>;

/** What a refund takes off the items, by whether the sale's prices have tax in them. */
interface Costs {
  readonly amount: number;
  readonly amountWithTaxIn: number;
  readonly currency: string;
  /** Paid back beyond everything that the refund lists; in the currency that was paid. */
  readonly rest: number;
}

/**
 * What a refund gives back of its items, at the most what was paid back for them. Shipping alone and
 * goods taken back without money are nothing. Money beyond items, tax, shipping and duties cannot be
 * counted: whether it is for the sale only people can see, so that it goes to the operators.
 */
export function readRefund(content: unknown, body: Buffer): Reading {
  const refund = refundSchema.safeParse(content).data;
  const unread = (what: string) => unreadable(what, identifiersOf(refund), body);
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
  const { rest, ...taken } = costs;
  const [saleId, refundId] = [`shopify:${orderId.data}`, `refund-${id.data}`];
  const reason = () => restReason(formatMoney(rest, paidBack.currency), saleId, refundId);
  const deadLetter = rest > 0 ? deadLetterOf(reason(), identifiersOf(refund), body) : undefined;
  if (taken.amount === 0) {
    if (deadLetter) return { kind: "unreadable", deadLetter };
    return { kind: "nothing", why: "No items were refunded." };
  }
  const eventId = `${saleId}/${refundId}/${taken.amount}`;
  const event = { id: eventId, saleId, refundId, ...taken };
  return { kind: "refund", refund: event, ...(deadLetter && { deadLetter }) };
}

/** It is booked under a name of its own, so that doing it twice takes it once. */
function restReason(rest: string, saleId: string, refundId: string): string {
  return `Shopify's ${refundId} paid back ${rest} beyond its items, their tax, shipping and duties, and that is not taken off the sale. Look at the order in Shopify. If it is for what was sold, book it: \`./dev ops ledger refund ${saleId} AMOUNT --id ${refundId}-rest\`.`;
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
 *
 * Only the order says whether prices have tax in them, so the rest is what is left in either case: up
 * to the tax of the lines may go unnoticed where they have. A unit a line is rounding.
 */
function costsOf(refund: Refund, paidBack: Money): Costs | undefined {
  const shopCurrency = shopCurrencyOf(refund) ?? paidBack.currency;
  const inShop = partsIn(refund, shopCurrency, shopCurrency);
  const inPaid = partsIn(refund, paidBack.currency, shopCurrency);
  if (!inShop || !inPaid) return undefined;
  const forItemsWithTaxIn = Math.max(0, paidBack.amount - inPaid.others);
  const forItems = Math.max(0, forItemsWithTaxIn - inPaid.othersTax);
  const whole = inPaid.items + inPaid.tax;
  const rest = forItems - whole;
  const taxless = Math.max(0, inShop.items - inShop.tax);
  return {
    amount: partOf(inShop.items, forItems, whole),
    amountWithTaxIn: partOf(taxless, forItemsWithTaxIn, inPaid.items),
    currency: shopCurrency,
    rest: rest > inPaid.lines ? rest : 0,
  };
}

function partOf(price: number, paid: number, whole: number): number {
  if (paid >= whole) return price;
  return Number((BigInt(price) * BigInt(paid)) / BigInt(whole));
}

/** Finds a sum in a currency, or the fallback where Shopify does not report it. */
type Read = (set: MoneySet, plain?: string | null, absent?: number) => number | undefined;

interface Parts {
  readonly items: number;
  readonly tax: number;
  /** Shipping, duties, and gift cards that were bought, which are no merch. */
  readonly others: number;
  /** On shipping, where prices have no tax in them. */
  readonly othersTax: number;
  /** Of how many amounts all this is the sum. */
  readonly lines: number;
}

/** Undefined where one of them is not reported in this currency. */
function partsIn(refund: Refund, currency: string, shopCurrency: string): Parts | undefined {
  const { refund_line_items: lines, total_duties_set: duties } = refund;
  const items = lines?.filter(({ line_item: line }) => !line?.gift_card);
  const giftCards = lines?.filter(({ line_item: line }) => line?.gift_card) ?? [];
  const read: Read = (set, plain, absent) => {
    const reported = [set?.shop_money, set?.presentment_money].find(
      (each) => each?.currency_code?.toLowerCase() === currency,
    );
    // What has no currency of its own is in the shop's.
    const text = reported?.amount ?? (currency === shopCurrency ? plain : undefined);
    return text ? readMoney(text.replace(/^-/, ""), currency)?.amount : absent;
  };
  const shipping = shippingIn(refund, read);
  const sums = {
    items: sumOf(items?.map((item) => readPositive(item, read))),
    tax: sumOf(items?.map((item) => read(item.total_tax_set, item.total_tax, 0))),
    others: sumOf([
      ...shipping.map(({ cost }) => cost),
      ...giftCards.map((card) => readPositive(card, read)),
      read(duties, undefined, 0),
    ]),
    othersTax: sumOf(shipping.map(({ tax }) => tax)),
  };
  const { items: cost, tax, others, othersTax } = sums;
  if (cost === undefined || tax === undefined) return undefined;
  if (others === undefined || othersTax === undefined) return undefined;
  return {
    items: cost,
    tax,
    others,
    othersTax,
    lines: (items?.length ?? 0) + giftCards.length + shipping.length,
  };
}

interface Shipping {
  readonly cost: number | undefined;
  readonly tax: number | undefined;
}

/** What is reported in both ways counts once. An adjustment's tax is added to it wherever it has any. */
function shippingIn(
  { refund_shipping_lines: lines, order_adjustments: adjustments }: Refund,
  read: Read,
): Shipping[] {
  if (lines && lines.length > 0) {
    return lines.map((line) => {
      const cost = read(line.subtotal_amount_set);
      return { cost, tax: cost === undefined ? undefined : shippingTax(cost, line, read) };
    });
  }
  const refunded = adjustments?.filter(({ kind }) => kind === "shipping_refund") ?? [];
  return refunded.map((each) => {
    const sums = [
      read(each.amount_set, each.amount),
      read(each.tax_amount_set, each.tax_amount, 0),
    ];
    return { cost: sumOf(sums), tax: 0 };
  });
}

/** A refund has no tax of its shipping, but the line that it is of has: as much of that. */
function shippingTax(
  cost: number,
  { shipping_line: line }: NonNullable<Refund["refund_shipping_lines"]>[number],
  read: Read,
): number | undefined {
  const tax = sumOf(line?.tax_lines?.map((each) => read(each.price_set, each.price, 0))) ?? 0;
  const price = read(line?.discounted_price_set) ?? read(line?.price_set) ?? cost;
  return partOf(tax, cost, price);
}

/** Only what is taken off an order is reported with a minus. */
function readPositive(
  { subtotal, subtotal_set: set }: NonNullable<Refund["refund_line_items"]>[number],
  read: Read,
): number | undefined {
  const isNegative = [subtotal, set?.shop_money?.amount].some((text) => text?.startsWith("-"));
  return isNegative ? undefined : read(set, subtotal);
}

function shopCurrencyOf({
  refund_line_items: items,
  refund_shipping_lines: lines,
  order_adjustments: others,
}: Refund) {
  const sets = [items?.[0]?.subtotal_set, lines?.[0]?.subtotal_amount_set, others?.[0]?.amount_set];
  return sets.find((set) => set)?.shop_money?.currency_code?.toLowerCase();
}

function identifiersOf(refund: Refund | undefined): Identifiers {
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
