import type { OutgoingMessage } from "../clients/discord.ts";
import type { StripeDispute, StripeRefund } from "../clients/stripe-objects.ts";
import { formatMoney } from "../domain/money.ts";
import type { Dispute, Order } from "../domain/order.ts";
import type { DeadLetter } from "../events/message-dead-lettered.ts";
import { colours, oneLine, relativeTime } from "./theme.ts";

/** Tells the operators that a message could not be handled and where it is kept. */
export function deadLetterNotice(letter: DeadLetter): OutgoingMessage {
  const reason = oneLine(letter.reason, 1000);
  return {
    embeds: [
      {
        title: `A message for ${letter.functionName} could not be handled`,
        description: `${reason}\n\nIt is kept as \`dead_letters/${letter.id}\`. Mend the cause, then send it again.`,
        color: colours.rose,
      },
    ],
  };
}

/** Tells the operators that Twitch has stopped telling us about a channel. */
export function revocationNotice(
  broadcasterId: string,
  subscriptionType: string,
  reason: string,
): OutgoingMessage {
  return {
    embeds: [
      {
        title: "Twitch ended an EventSub subscription",
        description: `\`${subscriptionType}\` of Twitch user ${broadcasterId}: ${oneLine(reason, 200)}. Until it is made again their live status is not kept; \`/c500 live\` works as before.`,
        color: colours.rose,
      },
    ],
  };
}

/** Tells the operators that a refund did not reach the buyer. */
export function refundFailedNotice(order: Order, refund: StripeRefund): OutgoingMessage {
  const amount = formatMoney(refund.amount, order.payment?.currency ?? "usd");
  return {
    embeds: [
      {
        title: "A refund did not reach its buyer",
        color: colours.rose,
        description: `${amount} of order \`${order.id}\` (refund \`${refund.id}\`) came back to our balance at Stripe. Ask <@${order.buyerId}> for another way to pay them, and pay them by hand. What the builder gave back stays with us until then.`,
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
  /** The messages the buyer was sent: what about, and a link to each. */
  readonly messages: readonly { readonly about: string; readonly url: string }[];
}

/** Tells the staff of a dispute, or of its outcome, with the evidence there is. */
export function disputeNotice(
  order: Order,
  dispute: StripeDispute & Pick<Dispute, "outcome">,
  evidence: Evidence,
): OutgoingMessage {
  const amount = formatMoney(dispute.amount, dispute.currency);
  const sent = evidence.messages.map(({ about, url }) => `[${about}](${url})`).join(", ");
  const lines = [
    `Order \`${order.id}\` of <@${order.buyerId}> from <@${order.builderId}>, ${amount}, reason: ${oneLine(dispute.reason, 100)}.`,
    disputeTexts[dispute.outcome],
    `**Stream:** ${evidence.watchUrl ?? "none yet"}${evidence.provedAt ? ` (proved ${relativeTime(evidence.provedAt)})` : ""}`,
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

const disputeTexts: Record<Dispute["outcome"], string> = {
  open: "Nothing of this order is released while it is open. Answer it in Stripe's dashboard with what is below.",
  won: "The bank decided for us: the order goes on as before.",
  lost: "The bank decided for the buyer. The builder's part was taken back, or is owed by them.",
};
