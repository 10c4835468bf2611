import { html, type SafeHtml } from "@remix-run/html-template";
import { formatMoney } from "../../../shared/money/money.ts";
import { dayOf } from "../../../shared/web/text.ts";
import { timeTag } from "../../../shared/web/time-tag.ts";
import { caseKindWords } from "../../shipping/domain/case.ts";
import { PICKUP } from "../../shipping/domain/terms.ts";
import { isGone, type OrderMoment, timelineOf } from "../domain/timeline.ts";
import type { OrderView } from "../store/order-views.ts";
import { tracking, videoLink } from "./order-standing.ts";

/** What happened to an order so far. */
export function timeline(view: OrderView, now: Date): SafeHtml | undefined {
  const moments = timelineOf(view, now);
  if (moments.length === 0) return undefined;
  return html`<section class="card"><h2>What happened</h2>
<ol class="timeline">${moments.map(
    (moment) => html`<li class="moment">${textOf(moment, view)}
${timeTag(moment.at)}</li>`,
  )}</ol></section>`;
}

function textOf(moment: OrderMoment, { order }: OrderView): SafeHtml {
  switch (moment.what) {
    case "reserved":
      return html`Reserved for you`;
    case "paid":
      return html`Paid`;
    case "built":
      return html`Live on the workbench. ${videoLink(order)}`;
    case "cancel-asked":
      return html`You asked to cancel it`;
    case "cancel-declined":
      return html`Your builder keeps it`;
    case "canceled":
      return html`Cancelled`;
    case "waiting":
      return html`You asked to wait until ${dayOf(moment.until)}`;
    case "late":
      return html`It should have been sent by now; we reminded your builder`;
    case "sent": {
      const again = moment.isAgain ? " again" : "";
      return moment.parcel.destination === PICKUP
        ? html`Ready to pick up${again}`
        : html`Sent${again}. ${tracking(moment.parcel)}`;
    }
    case "arrived":
      return moment.parcel.destination === PICKUP ? html`Picked up` : html`Arrived`;
    case "reported":
      return html`You reported that ${caseKindWords[moment.of.kind]}`;
    case "answered":
      return html`Your builder answered`;
    case "escalated":
      return html`The team took it up`;
    case "settled":
      return html`${moment.by === "bank" ? settledByBankText : settledTexts[moment.of.outcome ?? "none"]}`;
    case "withdrawn":
      return html`You said that it's fine`;
    case "moved":
      return html`${movedTexts[moment.move.what]}`;
    case "refund":
      return html`${refundText(moment, order.payment?.currency ?? "usd")}`;
    case "disputed":
      return moment.dispute.isInquiry
        ? html`Your bank asked about the payment`
        : html`Your bank took the payment back for now`;
    case "dispute-won":
      return html`Your bank decided that the payment stands`;
  }
}

const settledTexts = {
  refund: "What you reported was settled with a refund",
  replace: "What you reported was settled: it's sent again",
  none: "What you reported was closed",
} as const;

const settledByBankText = "What you reported was closed: your bank decides";

/** The reason is the operators' own. */
const movedTexts = {
  building: "The team confirmed that it was built live",
  sent: "The team marked it as sent",
  arrived: "The team marked it as arrived",
  canceled: "The team cancelled it",
} as const;

function refundText(
  { refund }: Extract<OrderMoment, { what: "refund" }>,
  currency: string,
): string {
  const sum = formatMoney(refund.amount, currency);
  if (refund.kind === "dispute") return `Your bank took ${sum} back`;
  const ofIt = refund.shipping > 0 && refund.shipping < refund.amount;
  const shipping =
    refund.shipping === refund.amount
      ? " for shipping"
      : ofIt
        ? `, ${formatMoney(refund.shipping, currency)} of it for shipping`
        : "";
  return isGone(refund) ? `Refunded ${sum}${shipping}` : `Refund of ${sum} begun${shipping}`;
}
