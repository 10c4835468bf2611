import { html, type SafeHtml } from "@remix-run/html-template";
import { withinDeadline } from "../../../shared/web/deadline.ts";
import { notFoundPage } from "../../../shared/web/notices.ts";
import type { Page } from "../../../shared/web/page.ts";
import { plainLine } from "../../../shared/web/text.ts";
import { orderTitle } from "../../shop/domain/order.ts";
import { builderLink, findBuilder } from "../../shop/web/builder.ts";
import { orderKeyOf } from "../../shop/web/order-link.ts";
import { orderState } from "../../shop/web/order-state.ts";
import type { Deps } from "../deps.ts";
import type { OrderView } from "../store/order-views.ts";
import { help } from "./order-help.ts";
import { priceOf } from "./order-price.ts";
import { isKept, standing } from "./order-standing.ts";
import { timeline } from "./order-timeline.ts";
import { ORDERS_SHEET } from "./sheet.ts";

type OrderPageDeps = Pick<
  Deps,
  "builders" | "clock" | "config" | "log" | "orderLinks" | "orderViews" | "stripeReader"
>;

/** The page does not wait longer for Stripe: it goes without the receipt's link. */
const RECEIPT_DEADLINE_MS = 1500;

/**
 * A buyer's page of an order. It shows no address, and no id of a person or a payment. A link that opens nothing is
 * answered the same, whether it never did or no longer does.
 */
export async function orderPage(path: string, deps: OrderPageDeps): Promise<Page> {
  const key = orderKeyOf(path);
  const orderId = key && (await deps.orderLinks.find(key));
  const view = orderId && (await deps.orderViews.get(orderId));
  if (!view) return unknownLinkPage();
  const { order } = view;
  const now = deps.clock.now();
  const [builder, receiptUrl] = await Promise.all([
    findBuilder(deps.builders, order.builderId),
    findReceipt(view, deps),
  ]);
  const { heading, tone, text, refreshSeconds } = orderState(order);
  return {
    status: 200,
    title: "Your order",
    caching: "personal",
    sheets: [ORDERS_SHEET],
    hasSecretAddress: true,
    ...(refreshSeconds !== undefined && { refreshSeconds }),
    body: html`<article class="order">
<header class="card notice ${tone}">
<p class="by"><span><strong><bdi>${titleOf(order)}</bdi></strong> from ${builderLink(builder)}</span></p>
<h1>${heading}</h1>
${isKept(order) ? undefined : text}</header>
${standing(view, now)}
${together(view)}
${priceOf(view, receiptUrl)}
${timeline(view, now)}
${help(view, builder, deps.config.DISCORD_GUILD_ID)}
<p class="quiet">Everyone who has this page's link sees it. Keep it to yourself.</p>
</article>`,
  };
}

function titleOf(order: OrderView["order"]): string {
  const title = orderTitle(order);
  return title ? plainLine(title, 100) : "Your order";
}

function together({ together: others }: OrderView): SafeHtml | undefined {
  if (others.length === 0) return undefined;
  return html`<section class="card"><h2>Ships together with</h2>
<ul class="plain">${others.map((order) => html`<li><bdi>${titleOf(order)}</bdi></li>`)}</ul></section>`;
}

/** Stripe's receipt of a payment; undefined if there is none, or Stripe does not answer soon. */
async function findReceipt(
  { order }: OrderView,
  deps: Pick<OrderPageDeps, "stripeReader" | "clock" | "log">,
): Promise<string | undefined> {
  const chargeId = order.payment?.chargeId;
  if (chargeId === undefined) return undefined;
  try {
    return await withinDeadline(deps.stripeReader.receiptUrl(chargeId), deps, RECEIPT_DEADLINE_MS);
  } catch (error) {
    deps.log.error("A receipt's link could not be read", error, { orderId: order.id });
    return undefined;
  }
}

function unknownLinkPage(): Page {
  return {
    ...notFoundPage(
      "This link opens no order. Copy it whole from your Discord messages; /c500 profile shows all your orders.",
    ),
    caching: "personal",
  };
}
