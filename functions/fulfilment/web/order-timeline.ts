import { html, type SafeHtml } from "@remix-run/html-template";
import { formatMoney } from "../../../shared/money/money.ts";
import { dayOf, timeOfDay } from "../../../shared/web/text.ts";
import { caseKindWords } from "../../shipping/domain/case.ts";
import { PICKUP } from "../../shipping/domain/terms.ts";
import { isGone, type OrderMoment, timelineOf } from "../domain/timeline.ts";
import type { OrderView } from "../store/order-views.ts";
import { tracking, videoLink } from "./order-standing.ts";

/** What happened to an order so far. */
export function timeline(view: OrderView): SafeHtml | undefined {
  const moments = timelineOf(view);
  if (moments.length === 0) return undefined;
  return html`<section class="card"><h2>What happened</h2>
<ol class="timeline">${moments.map(
    (moment) => html`<li class="moment">${textOf(moment, view)}
<time datetime="${moment.at.toISOString()}">${dayOf(moment.at)}, ${timeOfDay(moment.at)}</time></li>`,
  )}</ol></section>`;
}

function textOf(moment: OrderMoment, { order, parcel }: OrderView): SafeHtml {
  const isPickup = parcel?.destination === PICKUP;
  switch (moment.what) {
    case "reserved":
      return html`Reserved for you`;
    case "paid":
      return html`Paid`;
    case "built":
      return html`Live on the workbench. ${videoLink(order)}`;
    case "cancellation":
      return html`You asked to cancel it${cancelAnswers[order.cancellation?.state ?? "asked"]}`;
    case "sent":
      return isPickup || !parcel ? html`Ready to pick up` : html`Sent. ${tracking(parcel)}`;
    case "arrived":
      return isPickup ? html`Picked up` : html`Arrived`;
    case "reported":
      return html`You reported that ${caseKindWords[moment.of.kind]}`;
    case "answered":
      return html`Your builder answered`;
    case "escalated":
      return html`The team took it up`;
    case "settled":
      return html`${settledTexts[moment.of.outcome ?? "none"]}`;
    case "withdrawn":
      return html`You said that it's fine`;
    case "refund":
      return html`${refundText(moment, order.payment?.currency ?? "usd")}`;
  }
}

const cancelAnswers = {
  asked: "",
  declined: "; your builder keeps it",
  accepted: ", and it was",
} as const;

const settledTexts = {
  refund: "What you reported was settled with a refund",
  replace: "What you reported was settled: it's sent again",
  none: "What you reported was closed",
} as const;

function refundText(
  { refund }: Extract<OrderMoment, { what: "refund" }>,
  currency: string,
): string {
  const sum = formatMoney(refund.amount, currency);
  if (refund.kind === "dispute") return `Your bank took ${sum} back`;
  return isGone(refund) ? `Refunded ${sum}` : `Refund of ${sum} begun`;
}
