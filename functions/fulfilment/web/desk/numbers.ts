import { html, type SafeHtml } from "@remix-run/html-template";
import { formatMoney } from "../../../../shared/money/money.ts";
import type { Month, MonthNumbers } from "../../domain/month-numbers.ts";
import { type DeskPlace, deskLink } from "./navigation.ts";

const monthFormat = new Intl.DateTimeFormat("en-US", {
  year: "numeric",
  month: "long",
  timeZone: "UTC",
});

/** What a month's orders came to, with links to the months beside it. */
export function numbersSection(
  place: DeskPlace,
  { from, until }: Month,
  numbers: readonly MonthNumbers[],
  now: Date,
): SafeHtml {
  const before = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() - 1, 1));
  const next = until <= now ? html`<a href="${monthPath(place, until)}">${nameOf(until)}</a>` : "";
  return html`<section class="card" aria-labelledby="month"><h2 id="month">${nameOf(from)}</h2>
${numbers.length === 0 ? html`<p>Nobody paid for an order in this month.</p>` : numbers.map(list)}
<p class="quiet">Orders that were paid in this month (UTC), with what became of them since. The fee is taken from the
items' price; tax is paid to the authorities by the platform.</p>
<p class="by"><a href="${monthPath(place, before)}">${nameOf(before)}</a> ${next}</p></section>`;
}

function list(sum: MonthNumbers): SafeHtml {
  const rows = {
    Sales: sum.sales,
    Shipping: sum.shipping,
    Tax: sum.tax,
    Fees: sum.fees,
    Refunds: sum.refunded,
    "Paid out": sum.paidOut,
  };
  return html`<dl><div><dt>Orders</dt><dd>${sum.orders}</dd></div>
${Object.entries(rows).map(([name, amount]) => html`<div><dt>${name}</dt><dd>${formatMoney(amount, sum.currency)}</dd></div>`)}</dl>`;
}

function monthPath(place: DeskPlace, month: Date): string {
  return deskLink(place, { month: month.toISOString().slice(0, 7) });
}

function nameOf(month: Date): string {
  return monthFormat.format(month);
}
