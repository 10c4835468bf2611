import { readMoney, sumOf } from "../reading.ts";
import type { MoneySet, Refund } from "./refund-schema.ts";

/** As much of a price as was paid of a whole. */
export function partOf(price: number, paid: number, whole: number): number {
  if (paid >= whole) return price;
  return Number((BigInt(price) * BigInt(paid)) / BigInt(whole));
}

/** Finds a sum in a currency, or the fallback where Shopify does not report it. */
type Read = (set: MoneySet, plain?: string | null, absent?: number) => number | undefined;

/** What a refund lists, in one currency. */
export interface Parts {
  readonly items: number;
  readonly tax: number;
  /** Shipping, duties, and gift cards that were bought, which are no merch. */
  readonly others: number;
  /** On shipping, where prices have no tax in them. */
  readonly othersTax: number;
  /** Of how many amounts all this is the sum. */
  readonly lines: number;
}

/** What a refund lists; undefined where one of it is not reported in this currency. */
export function partsIn(refund: Refund, currency: string, shopCurrency: string): Parts | undefined {
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
