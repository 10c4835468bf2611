import { formatMoney } from "../../../../shared/money/money.ts";
import {
  deadLetterOf,
  type Identifiers,
  type Reading,
  readMoney,
  shopId,
  sumOf,
  unreadable,
} from "../reading.ts";
import { partOf, partsIn } from "./refund-parts.ts";
import { type Refund, refundSchema } from "./refund-schema.ts";

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
