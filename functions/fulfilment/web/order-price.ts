import { html, type SafeHtml } from "@remix-run/html-template";
import { formatMoney } from "../../../shared/money/money.ts";
import { PICKUP } from "../../shipping/domain/terms.ts";
import type { Payment } from "../../shop/domain/order.ts";
import { partsOf } from "../../shop/domain/order-parts.ts";
import { type DatedRefund, isGone, isOnItsWay } from "../domain/timeline.ts";
import type { OrderView } from "../store/order-views.ts";

type Row = readonly [string, string];

/** The parts of an order's price, and what of each went back. `receiptUrl` is Stripe's receipt. */
export function priceOf(
  { order, refunds }: OrderView,
  receiptUrl: string | undefined,
): SafeHtml | undefined {
  const { payment, destination, delivery } = order;
  if (!payment) return undefined;
  const isPickup = destination === PICKUP || delivery?.options[0]?.id === PICKUP;
  const rows = [...parts(payment, isPickup), ...returned(payment, refunds)];
  const receipt = receiptUrl
    ? html`<p class="receipt"><a href="${receiptUrl}" rel="noreferrer">Stripe's receipt</a></p>`
    : undefined;
  return html`<section class="card"><h2>What it costs</h2>
<dl class="lines sum">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>${receipt}</section>`;
}

function parts(payment: Payment, isPickup: boolean): Row[] {
  const { amount, tax, currency, paidAt } = payment;
  const { items, shipping } = partsOf(payment);
  const money = (sum: number) => formatMoney(sum, currency);
  const delivery: Row[] =
    shipping.price > 0
      ? [["Shipping", money(shipping.price)]]
      : isPickup
        ? [["Shipping", "You pick it up"]]
        : [];
  return [
    ["Item", money(items.price)],
    ...delivery,
    ...(tax > 0 ? [["Tax", money(tax)] as const] : []),
    [paidAt ? "You paid" : "Total", money(amount)],
  ];
}

/** Refunds contain the tax on what they refund. */
function returned({ amount, refunded, currency }: Payment, refunds: readonly DatedRefund[]): Row[] {
  const minus = (sum: number) => `−${formatMoney(sum, currency)}`;
  const sumOf = (list: readonly DatedRefund[], part: (refund: DatedRefund) => number) =>
    list.reduce((sum, refund) => sum + part(refund), 0);
  const gone = refunds.filter(isGone);
  const made = gone.filter(({ kind }) => kind === "refund");
  const taken = sumOf(gone, ({ kind, amount: sum }) => (kind === "dispute" ? sum : 0));
  const shipping = sumOf(made, (refund) => refund.shipping);
  const items = Math.max(0, refunded - taken - shipping);
  const open = sumOf(refunds.filter(isOnItsWay), (refund) => refund.amount);
  const rows = [
    ["Refunded for the item", items],
    ["Refunded for shipping", shipping],
    ["Taken back by your bank", taken],
    ["On its way back to you", open],
  ] as const;
  const shown = rows.flatMap(([name, sum]): Row[] => (sum > 0 ? [[name, minus(sum)]] : []));
  if (shown.length === 0) return [];
  return [...shown, ["What remains", formatMoney(Math.max(0, amount - refunded - open), currency)]];
}
