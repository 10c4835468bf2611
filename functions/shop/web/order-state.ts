import { html, type SafeHtml } from "@remix-run/html-template";
import type { Notice } from "../../../shared/web/notices.ts";
import { dayOf } from "../../../shared/web/text.ts";
import { PICKUP } from "../../shipping/domain/terms.ts";
import { isOrderStatus, type Order, type OrderStatus } from "../domain/order.ts";

/** How a page describes an order's state to its buyer. */
export type OrderState = Pick<Notice, "heading" | "tone" | "refreshSeconds"> & {
  readonly text: SafeHtml;
};

/** Stripe reports a payment within a few seconds. */
const LOOK_AGAIN_SECONDS = 4;

/** Describes an order's state to its buyer; an unknown state gets a general text. */
export function orderState(order: Order): OrderState {
  const { fulfillmentStatus } = order;
  if (!isOrderStatus(fulfillmentStatus)) return known;
  if (isBeingRefunded(order)) return refunding;
  return states[fulfillmentStatus](order);
}

function isBeingRefunded({ fulfillmentStatus, payment }: Order): boolean {
  if (!payment || payment.refundRequested < payment.amount) return false;
  return fulfillmentStatus !== "refunded" && fulfillmentStatus !== "charged_back";
}

const known: OrderState = {
  heading: "We know this order",
  tone: "good",
  text: html`<p>To see where it stands, run <code>/c500 profile</code> in our Discord or ask your
builder.</p>`,
};

const refunding: OrderState = {
  heading: "Your refund is on its way",
  tone: "waiting",
  text: html`<p>All of your money goes back the way it came. Banks take a few days to show it.</p>`,
};

const states: Readonly<Record<OrderStatus, (order: Order) => OrderState>> = {
  reserved: () => ({
    heading: "Waiting for Stripe",
    tone: "waiting",
    refreshSeconds: LOOK_AGAIN_SECONDS,
    text: html`<p>Your payment is not confirmed yet. That usually takes a few seconds, and this page
updates by itself.</p>`,
  }),
  processing: () => ({
    heading: "Your bank is processing it",
    tone: "waiting",
    text: html`<p>Your payment is under way, which can take a few days. It stays reserved for you, and we
send you a message on Discord when the money is here.</p>`,
  }),
  paid: (order) => ({
    heading: "Thank you! It is yours",
    tone: "good",
    text: html`<p>Your payment arrived. The receipt is in your Discord messages.</p>${nextStep(order)}`,
  }),
  building: (order) => ({
    heading: "Your order is on the workbench",
    tone: "good",
    text: html`<p>Your builder went live with it.</p>${streamLink(order)}`,
  }),
  shipped: (order) =>
    order.destination === PICKUP
      ? {
          heading: "Your order is ready to pick up",
          tone: "good",
          text: html`<p>It left the bench, and your builder expects you.</p>${streamLink(order)}`,
        }
      : {
          heading: "Your order is on its way to you",
          tone: "good",
          text: html`<p>It left the bench. Keep an eye on the door.</p>${streamLink(order)}`,
        },
  delivered: (order) => ({
    heading: order.destination === PICKUP ? "You have your order" : "Your order has arrived",
    tone: "good",
    text: html`<p>Happy typing!</p>${streamLink(order)}`,
  }),
  expired: (order) => ended("The time to pay ran out", order),
  // Given back, refused by a bank, or taken back with its auction.
  cancelled: (order) => ended("This reservation is over", order),
  refunded: () => ({
    heading: "This order was refunded",
    tone: "over",
    text: html`<p>Your money went back the way it came. Banks take a few days to show it.</p>`,
  }),
  charged_back: () => ({
    heading: "This payment was taken back",
    tone: "over",
    text: html`<p>Your bank took the payment back, so the order is closed.</p>`,
  }),
};

function ended(heading: string, { auctionId, moreUnits }: Order): OrderState {
  if (auctionId) {
    return {
      heading,
      tone: "over",
      text: html`<p>That sale is over: <a href="/auction/${auctionId}">see what happened next</a>. If a payment of
yours still arrives, you automatically get all of your money back.</p>`,
    };
  }
  const [units, others] = moreUnits.length === 0 ? ["unit", "a unit"] : ["units", "as many units"];
  return {
    heading,
    tone: "over",
    text: html`<p>The ${units} went back on the shelf. If a payment of yours still arrives, you automatically get ${others}
or all of your money back.</p>`,
  };
}

function nextStep({ payment, destination }: Order): SafeHtml | undefined {
  if (!payment) return undefined;
  if (payment.plan === "split") {
    return destination === PICKUP
      ? html`<p>Your builder gets it ready, and we send you a message on Discord when you can pick it up.</p>`
      : html`<p>Your builder is packing it.</p>`;
  }
  const until = payment.heldUntil;
  return html`<p>We hold your money until your builder shows your order live on stream.
${until ? `If that hasn't happened by ${dayOf(until)}, you get all of it back.` : ""}</p>`;
}

/** The proof of work. Older orders may contain any text there: only Twitch's pages get a link. */
function streamLink({ twitchVodLink }: Order): SafeHtml | undefined {
  if (!twitchVodLink?.startsWith("https://www.twitch.tv/")) return undefined;
  return html`<p><a href="${twitchVodLink}">Watch the stream</a></p>`;
}
