import { givenTo } from "../../shop/domain/builder-part.ts";
import type { Order } from "../../shop/domain/order.ts";
import { partsOf } from "../../shop/domain/order-parts.ts";

/** What a builder's orders of one month came to, in minor units of one currency. */
export interface MonthNumbers {
  readonly currency: string;
  readonly orders: number;
  /** The items' price, without shipping and tax. */
  readonly sales: number;
  /** Without tax. */
  readonly shipping: number;
  /** On items and shipping. */
  readonly tax: number;
  /** What the platform takes of the items' price. */
  readonly fees: number;
  /** What went back to buyers. */
  readonly refunded: number;
  /** What the builder was given, less what was taken back. */
  readonly paidOut: number;
}

/** A calendar month in UTC: from its first moment until that of the next. */
export interface Month {
  readonly from: Date;
  readonly until: Date;
}

/** The month that a text such as "2026-11" names; that of `now` if it names none. */
export function readMonth(text: string | null, now: Date): Month {
  const [, year, month] = /^(20\d\d)-(0[1-9]|1[0-2])$/.exec(text ?? "") ?? [];
  const first =
    year === undefined || month === undefined
      ? [now.getUTCFullYear(), now.getUTCMonth()]
      : [Number(year), Number(month) - 1];
  const [y = 0, m = 0] = first;
  return { from: new Date(Date.UTC(y, m, 1)), until: new Date(Date.UTC(y, m + 1, 1)) };
}

/** Adds up orders that were paid, one entry for each currency. */
export function monthNumbers(orders: Iterable<Pick<Order, "payment">>): readonly MonthNumbers[] {
  const byCurrency = new Map<string, MonthNumbers>();
  for (const { payment } of orders) {
    if (!payment?.paidAt) continue;
    const { currency } = payment;
    const sum = byCurrency.get(currency) ?? nothing(currency);
    byCurrency.set(currency, {
      currency,
      orders: sum.orders + 1,
      sales: sum.sales + partsOf(payment).items.price,
      shipping: sum.shipping + payment.shipping,
      tax: sum.tax + payment.tax,
      fees: sum.fees + payment.fee,
      refunded: sum.refunded + payment.refunded,
      paidOut: sum.paidOut + givenTo(payment),
    });
  }
  return [...byCurrency.values()].sort((one, other) => one.currency.localeCompare(other.currency));
}

function nothing(currency: string): MonthNumbers {
  return {
    currency,
    orders: 0,
    sales: 0,
    shipping: 0,
    tax: 0,
    fees: 0,
    refunded: 0,
    paidOut: 0,
  };
}
