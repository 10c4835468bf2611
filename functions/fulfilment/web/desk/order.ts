import { html } from "@remix-run/html-template";
import { readId } from "../../../../shared/documents/outside-id.ts";
import type { HttpRequest } from "../../../../shared/runtime/http.ts";
import { notFoundPage } from "../../../../shared/web/notices.ts";
import type { Page } from "../../../../shared/web/page.ts";
import { plainLine } from "../../../../shared/web/text.ts";
import { orderTitle } from "../../../shop/domain/order.ts";
import { sentToBuyer } from "../../../shop/messages/sent-to-buyer.ts";
import type { Deps } from "../../deps.ts";
import { evidenceText } from "../../messages/evidence.ts";
import { deskPageOf, deskVisitor, type VisitorDeps } from "../desk-visitor.ts";
import { parametersOf } from "./parameters.ts";

/** What the desk's page of an order reads. */
export type DeskOrderDeps = VisitorDeps & Pick<Deps, "orderViews" | "parcels" | "sentMessages">;

const MAX_TITLE = 100;

/** What happened to an order, as text that its builder can paste anywhere. Nobody sees another builder's. */
export async function deskOrderPage(request: HttpRequest, deps: DeskOrderDeps): Promise<Page> {
  const visitor = await deskVisitor(request, deps);
  if ("instead" in visitor) return visitor.instead;
  const orderId = readId(parametersOf(request).get("order"));
  const view = orderId === undefined ? undefined : await deps.orderViews.get(orderId);
  if (view?.order.builderId !== visitor.builder.id) {
    return { ...notFoundPage("You have no such order."), caching: "personal" };
  }
  const messages = await sentToBuyer(view.order, deps);
  const body = html`<div class="desk"><h1><bdi>${plainLine(orderTitle(view.order) ?? "An order", MAX_TITLE)}</bdi></h1>
<p>This is what I know of it: the evidence when a bank, a carrier or an insurer asks. When a bank disputes the payment,
the team gets it as a draft. It says nothing about who the buyer is.</p>
<pre class="evidence">${evidenceText({ view, messages }, deps.clock.now())}</pre>
<p><a class="button" href="/desk">Back to the desk</a></p></div>`;
  return deskPageOf(visitor, { title: "An order", body }, deps);
}
