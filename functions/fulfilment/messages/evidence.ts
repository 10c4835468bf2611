import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import type { DisputeEvidence } from "../../../shared/clients/stripe/objects.ts";
import { oneLine } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import { plainLine, plainText } from "../../../shared/web/text.ts";
import { caseKindWords } from "../../shipping/domain/case.ts";
import { PICKUP } from "../../shipping/domain/terms.ts";
import { type Order, orderTitle } from "../../shop/domain/order.ts";
import type { SentToBuyer } from "../../shop/messages/sent-to-buyer.ts";
import { carrierName, trackingLink } from "../domain/carriers.ts";
import { isGone, type OrderMoment, timelineOf } from "../domain/timeline.ts";
import type { OrderView } from "../store/order-views.ts";

/** What is known of an order, for somebody who decides about it. */
export interface KnownOfOrder {
  readonly view: OrderView;
  readonly messages: readonly SentToBuyer[];
}

const MAX_TITLE = 200;
/** Stripe's limit: https://docs.stripe.com/disputes/best-practices */
const MAX_TEXT = 20_000;

/** What happened to an order as plain text: for a bank, an insurer or a carrier. It has no address and no id of a person. */
export function evidenceText({ view, messages }: KnownOfOrder, now: Date): string {
  const { order, reported } = view;
  const moments = timelineOf(view, now).map(
    (moment) => `${minuteOf(moment.at)}  ${lineOf(moment, order)}`,
  );
  const said = [
    ...(reported?.text === undefined ? [] : [`The buyer wrote: ${plainText(reported.text)}`]),
    ...(reported?.answer === undefined ? [] : [`The seller wrote: ${plainText(reported.answer)}`]),
  ];
  const sent = messages.map(
    ({ about, channelId, messageId }) => `${about}: message ${messageId} in channel ${channelId}`,
  );
  const parts = [
    [`Order ${order.id}: ${titleOf(order)}`, ...priceLines(order)],
    ["What happened, in UTC:", ...moments],
    said,
    sent.length > 0 ? ["What the buyer was sent on Discord:", ...sent] : [],
  ];
  const text = parts.flatMap((lines) => (lines.length > 0 ? [lines.join("\n")] : []));
  return text.join("\n\n").slice(0, MAX_TEXT);
}

/** The same as the fields of a dispute at Stripe. Of two parcels, both are named. */
export function evidenceFields(known: KnownOfOrder, now: Date): DisputeEvidence {
  const { order, parcel, earlierParcel } = known.view;
  const sent = [earlierParcel, parcel].flatMap((each) =>
    each?.sentAt && each.destination !== PICKUP ? [{ ...each, sentAt: each.sentAt }] : [],
  );
  const tracked = sent.flatMap(({ tracking, carrier }) =>
    tracking === undefined ? [] : [{ tracking, carrier: carrierName(carrier) || "other" }],
  );
  return {
    product_description: `${titleOf(order)}. Made by an independent keyboard builder${order.proof ? ", who built it live on Twitch" : ""}.`,
    ...(sent.length > 0 && {
      shipping_date: sent.map(({ sentAt }) => sentAt.toISOString().slice(0, 10)).join(", "),
    }),
    ...(tracked.length > 0 && {
      shipping_carrier: tracked.map(({ carrier }) => carrier).join(", "),
      shipping_tracking_number: tracked.map(({ tracking }) => tracking).join(", "),
    }),
    uncategorized_text: evidenceText(known, now),
  };
}

/** Notifies staff of the draft at Stripe, or why there is none. */
export function evidenceNotice(orderId: string, refusal: string | undefined): OutgoingMessage {
  const draft =
    refusal === undefined
      ? `📎 What I know of order \`${orderId}\` is in a draft of the evidence at Stripe: tracking, the moment in the video, messages, all with their times. Nothing is submitted. Read it in Stripe's dashboard, add what is missing, and submit it before the deadline.`
      : `📎 Stripe takes no draft of the evidence for order \`${orderId}\`: ${oneLine(refusal, 300)}`;
  return { content: `${draft}\n\`./dev ops orders evidence ${orderId}\` prints it.` };
}

function titleOf(order: Order): string {
  return plainLine(orderTitle(order) ?? "An order", MAX_TITLE);
}

function priceLines({ payment }: Order): string[] {
  if (!payment) return [];
  const { amount, shipping, tax, currency } = payment;
  const money = (sum: number) => formatMoney(sum, currency);
  return [`Price: ${money(amount)}, with shipping of ${money(shipping)} and tax of ${money(tax)}`];
}

/** "2026-12-05 14:05". */
function minuteOf(time: Date): string {
  return time.toISOString().slice(0, 16).replace("T", " ");
}

const caseActors = {
  buyer: "the buyer",
  builder: "the seller",
  staff: "the platform",
  time: "the platform, because nobody answered",
  bank: "the platform, because a bank decides",
  refund: "the platform, because everything had been refunded",
} as const;

const caseOutcomes = {
  refund: "with a refund",
  replace: "by sending it again",
  none: "without a refund",
} as const;

/** Why it counts as arrived. */
const arrivedLines = {
  buyer: "The buyer confirmed that it arrived.",
  builder: "The seller confirmed that it arrived.",
  staff: "It counts as arrived: the platform recorded it.",
  time: "It counts as arrived: the buyer was asked and did not answer.",
} as const;

/** What operators have recorded by hand. */
const movedLines = {
  building: "The platform recorded that it was shown live on stream.",
  sent: "The platform recorded that it was sent.",
  arrived: "The platform recorded that it arrived.",
  canceled: "The platform cancelled it.",
} as const;

function lineOf(moment: OrderMoment, { payment, twitchVodLink }: Order): string {
  const money = (amount: number) => formatMoney(amount, payment?.currency ?? "usd");
  switch (moment.what) {
    case "reserved":
      return "The buyer reserved it.";
    case "paid":
      return "The buyer paid.";
    case "built":
      return `The seller showed it live on stream.${twitchVodLink ? ` Video: ${twitchVodLink}` : ""}`;
    case "cancel-asked":
      return "The buyer asked to cancel it.";
    case "cancel-declined":
      return "The seller kept it.";
    case "canceled":
      return "It was cancelled.";
    case "waiting":
      return `The buyer asked to wait with it until ${minuteOf(moment.until)}.`;
    case "late":
      return "It should have been sent by now.";
    case "sent":
      return sentLine(moment);
    case "arrived":
      return arrivedLines[moment.parcel.arrivedBy ?? "staff"];
    case "reported":
      return `The buyer reported: ${caseKindWords[moment.of.kind]}.`;
    case "answered":
      return "The seller answered.";
    case "escalated":
      return `The team was asked by ${caseActors[moment.by]}.`;
    case "settled":
      return `The report was settled ${caseOutcomes[moment.of.outcome ?? "none"]} by ${caseActors[moment.by]}.`;
    case "withdrawn":
      return "The buyer took the report back.";
    case "moved":
      return movedLines[moment.move.what];
    case "refund": {
      const { amount, shipping, kind } = moment.refund;
      if (kind === "dispute") return `The bank took ${money(amount)} back.`;
      const state = isGone(moment.refund) ? "refunded" : "to be refunded";
      return `${money(amount)} ${state}, ${money(shipping)} of it for shipping.`;
    }
    case "disputed":
      return moment.dispute.isInquiry ? "The bank asked about it." : "The bank disputed it.";
    case "dispute-won":
      return "The bank decided for the seller.";
  }
}

function sentLine({
  parcel: { carrier, tracking, destination },
  isAgain,
}: Extract<OrderMoment, { what: "sent" | "arrived" }>): string {
  if (destination === PICKUP) return "It was ready for the buyer to pick up.";
  const again = isAgain ? " again" : "";
  if (tracking === undefined) return `It was sent${again} to ${destination}, without tracking.`;
  const link = trackingLink(carrier, tracking);
  const by = carrierName(carrier);
  return `It was sent${again} to ${destination}${by && ` with ${by}`}, tracking number ${tracking}.${link ? ` ${link}` : ""}`;
}
