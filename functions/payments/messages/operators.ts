import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import type { StripeDispute, StripeRefund } from "../../../shared/clients/stripe/objects.ts";
import { alarm } from "../../../shared/discord/sending/alarm.ts";
import { colours, oneLine, relativeTime } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import type { Dispute, Order } from "../../shop/domain/order.ts";
import type { SentToBuyer } from "../../shop/messages/sent-to-buyer.ts";

/** Notifies the operators of a difference between our books and a provider's that was not repaired. */
export function differenceNotice(difference: {
  readonly id: string;
  readonly orderId: string | undefined;
  readonly what: string;
}): OutgoingMessage {
  const { id, orderId, what } = difference;
  const order = orderId === undefined ? "" : `, order \`${orderId}\``;
  return alarm(
    "Our books differ",
    `\`${id}\`${order}: ${oneLine(what, 500)}\n\n\`./dev ops reconcile\` shows whether it still exists.`,
  );
}

/** Notifies the operators that a refund of merch did not reach its buyer. Only Stripe knows the buyer. */
export function merchRefundFailedNotice(
  { id, amount, paymentIntentId }: StripeRefund,
  currency: string,
): OutgoingMessage {
  return {
    embeds: [
      {
        title: "A refund did not reach its buyer",
        color: colours.rose,
        description: `${formatMoney(amount, currency)} of merch (payment \`${paymentIntentId}\`, refund \`${id}\`) came back to our balance at Stripe. The payment there shows the buyer: pay them by hand. What the racers gave back stays with the platform until then.`,
      },
    ],
  };
}

/** The evidence that an order was paid for, built and communicated. */
export interface Evidence {
  /** The stream or its video, at the moment of the proof. */
  readonly watchUrl: string | undefined;
  readonly provedAt: Date | undefined;
  readonly paidAt: Date | undefined;
  readonly messages: readonly SentToBuyer[];
}

/** Notifies the staff of a dispute or its outcome, with the evidence we have. */
export function disputeNotice(
  order: Order,
  dispute: StripeDispute & Pick<Dispute, "outcome">,
  evidence: Evidence,
  isReversed: boolean,
): OutgoingMessage {
  const amount = formatMoney(dispute.amount, dispute.currency);
  const sent = evidence.messages
    .map(({ about, channelId, messageId }) => `${about} (message ${messageId} in ${channelId})`)
    .join(", ");
  const lines = [
    `Order \`${order.id}\` of <@${order.buyerId}> from <@${order.builderId}>, ${amount}, reason: ${oneLine(dispute.reason, 100)}.`,
    isReversed ? REVERSED_TEXT : disputeText(dispute),
    `**Stream:** ${evidence.watchUrl ?? "none yet"}${evidence.provedAt ? ` (proved ${relativeTime(evidence.provedAt)})` : ""}`,
    ...(dispute.outcome === "open" && dispute.answerBy
      ? [`**The deadline to answer** is ${relativeTime(dispute.answerBy)}.`]
      : []),
    `**Paid:** ${evidence.paidAt ? relativeTime(evidence.paidAt) : "unknown"}`,
    `**The buyer was sent:** ${sent || "nothing"}`,
  ];
  return {
    embeds: [
      {
        title: `Dispute ${dispute.outcome}: ${amount}`,
        color: dispute.outcome === "won" ? colours.mint : colours.rose,
        description: lines.join("\n"),
        footer: { text: dispute.id },
      },
    ],
  };
}

/** Notifies the operators of a dispute of merch: that it is open, or its outcome. */
export function merchDisputeNotice(
  dispute: StripeDispute,
  { outcome, turn }: { readonly outcome: Dispute["outcome"]; readonly turn: number },
): OutgoingMessage {
  const amount = formatMoney(dispute.amount, dispute.currency);
  const title = turn > 1 ? `Dispute overturned, now ${outcome}` : `Merch dispute ${outcome}`;
  const about = `Merch of payment \`${dispute.paymentIntentId}\`, dispute \`${dispute.id}\`, reason: ${oneLine(dispute.reason, 100)}.`;
  return alarm(`${title}: ${amount}`, `${about} ${merchDisputeTexts[outcome]}`);
}

const merchDisputeTexts: Record<Dispute["outcome"], string> = {
  open: "The racers' shares that are still in their wallets are frozen. If the dispute is lost, what was already paid out is taken back. Answer it in Stripe's dashboard before its deadline.",
  won: "The money is ours: the racers' shares can be paid out as before; `/wallet` shows them.",
  lost: "The money is gone: the racers' shares were taken back; `/wallet` shows it. Check that Stripe's dashboard agrees.",
};

const REVERSED_TEXT =
  "An appeal has overturned the outcome. The bookings of the first outcome stay: settle the difference with the builder and the buyer by hand.";

const disputeTexts: Record<Dispute["outcome"], string> = {
  open: "The bank has taken the money. While the dispute is open, the builder's part is taken back and nothing of this order is released. Answer it in Stripe's dashboard with the evidence below.",
  won: "The bank decided for us: the order continues as before, and the builder gets their part again.",
  lost: "The bank decided for the buyer. The builder's part was taken back, or is owed by them.",
};

const INQUIRY_TEXT =
  "So far the bank only asks, and no money has moved. Answer it in Stripe's dashboard with the evidence below, or refund the order: that settles it.";

const PREVENTED_TEXT =
  "The card network settled it before it became a dispute, and the buyer has their money back. There is nothing to answer.";

const INQUIRY_CLOSED_TEXT = "The bank has closed its inquiry. The order continues as before.";

function disputeText({ outcome, status, isInquiry }: StripeDispute): string {
  if (status === "prevented" && outcome === "lost") return PREVENTED_TEXT;
  if (outcome === "won" && isInquiry) return INQUIRY_CLOSED_TEXT;
  return outcome === "open" && isInquiry ? INQUIRY_TEXT : disputeTexts[outcome];
}
