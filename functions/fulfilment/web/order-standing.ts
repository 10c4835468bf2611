import { html, type SafeHtml } from "@remix-run/html-template";
import { formatMoney } from "../../../shared/money/money.ts";
import { dayOf } from "../../../shared/web/text.ts";
import { ARRIVAL_DAYS, type Parcel } from "../../shipping/domain/parcel.ts";
import { PICKUP } from "../../shipping/domain/terms.ts";
import { openDisputes } from "../../shop/domain/builder-part.ts";
import type { Order, Payment } from "../../shop/domain/order.ts";
import { carrierName, trackingLink } from "../domain/carriers.ts";
import type { OrderView } from "../store/order-views.ts";

/** Where an order's money, work and parcel stand, a line each. */
export function standing({ order, parcel }: OrderView, now: Date): SafeHtml {
  const lines: readonly (readonly [string, SafeHtml | string])[] = [
    ["Money", moneyText(order)],
    ["Work", workText(order)],
    ["Parcel", parcelText(order, parcel, now)],
  ];
  return html`<section class="card"><h2>Where it stands</h2>
<dl class="lines">${lines.map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl></section>`;
}

/** Whether all of an order's money went back, or is to go back. */
export function isReturned({ payment, fulfillmentStatus }: Order): boolean {
  const isBack = payment !== undefined && payment.refundRequested >= payment.amount;
  return isBack || ["refunded", "charged_back"].includes(fulfillmentStatus);
}

/** Whether an order is paid, and its money is not to go back. */
export function isKept(order: Order): boolean {
  return order.payment?.paidAt !== undefined && !isReturned(order);
}

function moneyText(order: Order): string {
  const { payment, fulfillmentStatus } = order;
  if (!payment) return "You paid for it elsewhere, so we can't show what it cost.";
  if (!payment.paidAt) {
    if (fulfillmentStatus === "reserved") return "Not paid yet.";
    if (fulfillmentStatus === "processing") return "Your bank is processing the payment.";
    return "You weren't charged.";
  }
  if (fulfillmentStatus === "charged_back") return "Your bank took it back for you.";
  if (payment.refunded >= payment.amount) return "All of it went back to you.";
  if (isReturned(order) || payment.hold === "ended") return "All of it is on its way back to you.";
  if (openDisputes(payment).length > 0) return "Paid. Your bank is looking into the payment.";
  const back =
    payment.refunded > 0
      ? ` ${formatMoney(payment.refunded, payment.currency)} of it went back to you.`
      : "";
  return `${keptText(order, payment)}${back}`;
}

function keptText({ proof }: Order, { plan, hold, heldUntil }: Payment): string {
  if (plan !== "held" || hold !== "held" || proof) return "Paid.";
  const until = heldUntil
    ? `; if that hasn't happened by ${dayOf(heldUntil)}, you get it back`
    : "";
  return `Paid. We hold it until your builder shows your order on stream${until}.`;
}

function workText(order: Order): SafeHtml | string {
  const { payment, proof } = order;
  if (proof) {
    return html`Shown live on the workbench on ${dayOf(new Date(proof.verifiedAtMs))}. ${videoLink(order)}`;
  }
  if (payment?.plan === "split") return "It was finished before you bought it.";
  if (isReturned(order)) return "It wasn't built.";
  if (payment) return payment.paidAt ? "Not on stream yet." : "It begins once it is paid.";
  return videoLink(order) ?? "Ask your builder how far it is.";
}

/** A link to the stream that showed an order. Older orders may contain any text: only Twitch's pages get a link. */
export function videoLink({ twitchVodLink }: Order): SafeHtml | undefined {
  if (!twitchVodLink?.startsWith("https://www.twitch.tv/")) return undefined;
  return html`<a href="${twitchVodLink}">Watch the moment</a>`;
}

function parcelText(order: Order, parcel: Parcel | undefined, now: Date): SafeHtml | string {
  if (!parcel) return withoutParcel(order);
  const isPickup = parcel.destination === PICKUP;
  switch (parcel.state) {
    case "open":
      return openText(order, parcel, now);
    case "sent": {
      if (isPickup) return "It is ready for you to pick up.";
      return html`Sent${parcel.sentAt ? ` on ${dayOf(parcel.sentAt)}` : ""}. ${trackingShort(parcel)}`;
    }
    case "arrived": {
      const day = parcel.arrivedAt ? ` on ${dayOf(parcel.arrivedAt)}` : "";
      if (parcel.arrivedBy === "time") {
        const [as, since] = isPickup ? ["picked up", "was ready"] : ["arrived", "was sent"];
        return `Nobody said otherwise, so it counts as ${as}${day}, ${ARRIVAL_DAYS} days after it ${since}.`;
      }
      return isPickup ? `You picked it up${day}.` : `Arrived${day}.`;
    }
    case "canceled":
      return nothingSent;
  }
}

const nothingSent = "Nothing is sent any more.";

function openText(order: Order, parcel: Parcel, now: Date): string {
  if (isReturned(order)) return nothingSent;
  if (parcel.destination === PICKUP) return "You pick it up. We let you know when it is ready.";
  if (parcel.waitUntil && now < parcel.waitUntil) {
    return `It waits until ${dayOf(parcel.waitUntil)}, as you asked.`;
  }
  const day = dayOf(parcel.dispatchBy);
  return now > parcel.dispatchBy
    ? `It is late: your builder promised to send it by ${day}. We have reminded them.`
    : `Your builder sends it by ${day}.`;
}

/** Of orders that are not paid, and of those that are not shipped by us. */
function withoutParcel(order: Order): string {
  const { delivery, fulfillmentStatus, payment } = order;
  if (fulfillmentStatus === "delivered") return "It has arrived.";
  if (fulfillmentStatus === "shipped") return "It was sent.";
  if (isReturned(order) || (payment && !payment.paidAt && !isAwaited(order))) return nothingSent;
  if (!delivery) return "Your builder arranges with you how you get it.";
  const { dispatchDays: days } = delivery;
  return `Your builder sends it within ${days} ${days === 1 ? "day" : "days"} of your payment.`;
}

function isAwaited({ fulfillmentStatus }: Order): boolean {
  return fulfillmentStatus === "reserved" || fulfillmentStatus === "processing";
}

function trackingShort(parcel: Pick<Parcel, "carrier" | "tracking">): SafeHtml {
  const { carrier, tracking: number } = parcel;
  const link = number === undefined ? undefined : trackingLink(carrier, number);
  return link ? html`<a href="${link}">Track it at ${carrierName(carrier)}</a>` : tracking(parcel);
}

/** How a parcel can be followed: its carrier and number, with a link where there is one. */
export function tracking({
  carrier,
  tracking: number,
}: Pick<Parcel, "carrier" | "tracking">): SafeHtml {
  if (number === undefined) return html`It has no tracking number.`;
  const link = trackingLink(carrier, number);
  const name = carrierName(carrier);
  return link
    ? html`<a href="${link}">${name} ${number}</a>`
    : html`Its tracking number is ${name} <code>${number}</code>.`;
}
