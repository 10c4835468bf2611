import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import type { StripeDispute, StripeRefund } from "../../../shared/clients/stripe-objects.ts";
import { alarm } from "../../../shared/discord/alarm.ts";
import { colours, oneLine, relativeTime } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import type { Dispute, Order } from "../../shop/domain/order.ts";

/** Tells the operators of a difference between our books and a shop's that nobody could repair. */
export function differenceNotice(difference: {
  readonly id: string;
  readonly orderId: string | undefined;
  readonly what: string;
}): OutgoingMessage {
  const { id, orderId, what } = difference;
  const order = orderId === undefined ? "" : `, order \`${orderId}\``;
  return alarm(
    "Our books differ",
    `\`${id}\`${order}: ${oneLine(what, 500)}\n\n\`./dev ops reconcile\` shows whether it still does.`,
  );
}

/** Notifies the operators that a refund of merch did not reach its buyer, whom only Stripe knows. */
export function merchRefundFailedNotice(
  { id, amount, paymentIntentId }: StripeRefund,
  currency: string,
): OutgoingMessage {
  return {
    embeds: [
      {
        title: "A refund did not reach its buyer",
        color: colours.rose,
        description: `${formatMoney(amount, currency)} of merch (payment \`${paymentIntentId}\`, refund \`${id}\`) came back to our balance at Stripe. Its payment there shows who bought it: pay them by hand. What the racers gave back stays with the platform until then.`,
      },
    ],
  };
}

/** What shows that an order was paid for, built and talked about. */
export interface Evidence {
  /** The stream or its video, at the moment of the proof. */
  readonly watchUrl: string | undefined;
  readonly provedAt: Date | undefined;
  readonly paidAt: Date | undefined;
  /** The messages the buyer was sent: what about, and Discord's record of each. */
  readonly messages: readonly {
    readonly about: string;
    readonly channelId: string;
    readonly messageId: string;
  }[];
}

/** Tells the staff of a dispute, or of its outcome, with the evidence there is. */
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
      ? [`**Answer it** ${relativeTime(dispute.answerBy)} at the latest.`]
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

/** Notifies the operators of a dispute of merch: that it is open, or what it has come to. */
export function merchDisputeNotice(
  dispute: StripeDispute,
  { outcome, turn }: { readonly outcome: Dispute["outcome"]; readonly turn: number },
): OutgoingMessage {
  const amount = formatMoney(dispute.amount, dispute.currency);
  const title = turn > 1 ? `Dispute turned over, now ${outcome}` : `Merch dispute ${outcome}`;
  const about = `Merch of payment \`${dispute.paymentIntentId}\`, dispute \`${dispute.id}\`, reason: ${oneLine(dispute.reason, 100)}.`;
  return alarm(`${title}: ${amount}`, `${about} ${merchDisputeTexts[outcome]}`);
}

const merchDisputeTexts: Record<Dispute["outcome"], string> = {
  open: "The racers' shares that are still in their wallets are frozen. What was paid out before is taken back if the dispute is lost. Answer it in Stripe's dashboard, in time.",
  won: "The money is ours: the racers' shares can be paid out as before; `/wallet` shows them.",
  lost: "The money is gone: the racers' shares were taken back; `/wallet` shows it. Check that Stripe's dashboard agrees.",
};

const REVERSED_TEXT =
  "An appeal has turned the outcome over. What was booked of the first one stays: settle it with the builder and the buyer by hand.";

const disputeTexts: Record<Dispute["outcome"], string> = {
  open: "The bank has taken the money. The builder's part is taken back while it is open, and nothing of this order is released. Answer it in Stripe's dashboard with what is below.",
  won: "The bank decided for us: the order goes on as before, and the builder gets their part again.",
  lost: "The bank decided for the buyer. The builder's part was taken back, or is owed by them.",
};

const INQUIRY_TEXT =
  "The bank only asks so far, and no money has moved. Answer it in Stripe's dashboard with what is below, or refund the order: that settles it.";

const PREVENTED_TEXT =
  "The card network settled it before it became a dispute, with the money back at the buyer. There is nothing to answer.";

const INQUIRY_CLOSED_TEXT = "The bank has closed its question. The order goes on as before.";

function disputeText({ outcome, status, isInquiry }: StripeDispute): string {
  if (status === "prevented" && outcome === "lost") return PREVENTED_TEXT;
  if (outcome === "won" && isInquiry) return INQUIRY_CLOSED_TEXT;
  return outcome === "open" && isInquiry ? INQUIRY_TEXT : disputeTexts[outcome];
}
