import { html, type SafeHtml } from "@remix-run/html-template";
import { readId } from "../../../shared/documents/outside-id.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import { notFoundPage, noticePage } from "../../../shared/web/notices.ts";
import type { Page } from "../../../shared/web/page.ts";
import { plainLine } from "../../../shared/web/text.ts";
import { timeTag } from "../../../shared/web/time-tag.ts";
import type { Deps } from "../deps.ts";
import { isReserved, type Order, orderTitle, quantityOf } from "../domain/order.ts";
import { orderState } from "./order-state.ts";

/** The ids of Stripe's Checkout Sessions. */
const SESSION_ID = /^cs_\w{1,200}$/;
const MINUTE_MS = 60_000;

/**
 * The page to which Stripe sends a buyer who has paid. Being here proves nothing: the page shows what
 * we know about the order. Only the buyer and we know the session's id, so the page may show the price
 * and the link to the order.
 */
export async function successPage(
  sessionId: string | undefined,
  { orders, orderLinks }: Pick<Deps, "orders" | "orderLinks">,
): Promise<Page> {
  const order = sessionId && SESSION_ID.test(sessionId) && (await findOrder(sessionId, orders));
  if (!order) return unknownOrderPage();
  const { text, ...state } = orderState(order);
  const key = await orderLinks.knownKeyOf(order.id);
  return noticePage({
    ...state,
    status: 200,
    caching: "personal",
    body: html`${text}${facts(order)}${key === undefined ? undefined : orderPageLink(key)}`,
  });
}

function orderPageLink(key: string): SafeHtml {
  return html`<p><a href="/order/${key}">Follow your order</a>. Your Discord messages have the link as well.</p>`;
}

/** The id of an order from before this system is its session's id. */
async function findOrder(sessionId: string, orders: Deps["orders"]): Promise<Order | undefined> {
  return (await orders.findBySession(sessionId)) ?? orders.get(sessionId);
}

function unknownOrderPage(): Page {
  return {
    ...notFoundPage(
      "We can't find an order for this checkout. Your receipt, if there is one, is in your Discord messages, and /c500 profile shows all your orders.",
    ),
    caching: "personal",
  };
}

function facts(order: Order): SafeHtml {
  const { payment } = order;
  const title = orderTitle(order);
  const rows: [string, string][] = [];
  if (title) rows.push(["Order", plainLine(title, 100)]);
  if (payment) rows.push(["Price", formatMoney(payment.amount, payment.currency)]);
  if (payment && payment.refunded > 0) {
    rows.push(["Refunded", formatMoney(payment.refunded, payment.currency)]);
  }
  return html`<dl>${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd><bdi>${value}</bdi></dd></div>`)}</dl>`;
}

/**
 * The page to which Stripe sends a buyer who left the checkout. An order's id is not secret, so the page shows
 * only whether its unit is still reserved, and never where to pay.
 */
export async function cancelPage(
  orderId: string | undefined,
  { orders, clock }: Pick<Deps, "orders" | "clock">,
): Promise<Page> {
  if (orderId === undefined) return leftPage(html`<p>You left the checkout before paying.</p>`);
  const id = readId(orderId);
  const order = id === undefined ? undefined : await orders.get(id);
  if (!order) return unknownOrderPage();
  const endsAt = order.payment?.checkout.expiresAt;
  const leftMs = endsAt ? endsAt.getTime() - clock.now().getTime() : 0;
  if (!isReserved(order)) {
    return leftPage(html`<p>This reservation is over. <code>/c500 profile</code> in our Discord shows
your orders and where each one stands.</p>`);
  }
  if (!endsAt || leftMs <= 0) {
    const next = order.auctionId
      ? "the next bidder may get their chance"
      : `${quantityOf(order) === 1 ? "the unit goes" : "the units go"} back on the shelf`;
    return leftPage(html`<p>The time to pay is up, so ${next}.</p>`);
  }
  const minutes = Math.max(1, Math.round(leftMs / MINUTE_MS));
  const what = quantityOf(order) === 1 ? "Your unit is" : `Your ${quantityOf(order)} units are`;
  return leftPage(html`<p>${order.auctionId ? "It is" : what} <strong>still reserved</strong> for about ${minutes} more
${minutes === 1 ? "minute" : "minutes"}, until ${timeTag(endsAt, "clock")}.</p>
<p>To pay after all, use the link in your Discord message.${order.auctionId ? "" : giveItBack}</p>`);
}

const giveItBack = html` If you don't want it any more, its <strong>Give it back</strong> button lets
someone else have it.`;

function leftPage(body: SafeHtml): Page {
  return noticePage({
    status: 200,
    heading: "You left the checkout",
    caching: "personal",
    tone: "waiting",
    body,
  });
}
