import { html } from "@remix-run/html-template";
import { notFoundPage, noticePage } from "../../../shared/web/notices.ts";
import type { Page } from "../../../shared/web/page.ts";
import { plainLine } from "../../../shared/web/text.ts";
import { orderState } from "../../shop/web/order-state.ts";
import type { Deps } from "../deps.ts";
import { orderKeyOf } from "./order-link.ts";

/** A buyer's page of an order. It shows no address. An address of any other form than a link's is answered the same. */
export async function orderPage(
  path: string,
  { orders, orderLinks }: Pick<Deps, "orders" | "orderLinks">,
): Promise<Page> {
  const key = orderKeyOf(path);
  const orderId = key && (await orderLinks.find(key));
  const order = orderId && (await orders.get(orderId));
  if (!order) return unknownLinkPage();
  const { text, ...state } = orderState(order);
  const title =
    order.title && html`<p><strong><bdi>${plainLine(order.title, 100)}</bdi></strong></p>`;
  const body = html`${title ?? ""}${text}`;
  const page = noticePage({ ...state, status: 200, caching: "personal", body });
  return { ...page, hasSecretAddress: true };
}

function unknownLinkPage(): Page {
  return {
    ...notFoundPage(
      "This link opens no order. Copy it whole from your Discord messages; /c500 profile shows all your orders.",
    ),
    caching: "personal",
  };
}
