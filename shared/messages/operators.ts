import type { OutgoingMessage } from "../clients/discord.ts";
import type { StripeDispute, StripeRefund } from "../clients/stripe-objects.ts";
import { subscriptionStanding } from "../domain/event-subscriptions.ts";
import { formatMoney } from "../domain/money.ts";
import type { Dispute, Order } from "../domain/order.ts";
import type { DeadLetter } from "../events/message-dead-lettered.ts";
import { colours, oneLine, plainLines, relativeTime } from "./theme.ts";

/** Tells the operators that a message could not be handled and where it is kept. */
export function deadLetterNotice(letter: DeadLetter, traceId: string | undefined): OutgoingMessage {
  const reason = oneLine(letter.reason, 1000);
  const next = letter.isReport
    ? "See to it, then close it with `./dev ops dead-letters discard`."
    : "Mend the cause, then send it again with `./dev ops dead-letters replay`.";
  const story = traceId ? ` Its story: \`./dev ops trace ${traceId}\`.` : "";
  return {
    embeds: [
      {
        title: `A message for ${letter.functionName} could not be handled`,
        description: `${reason}\n\nIt is kept as \`dead_letters/${letter.id}\`. ${next}${story}`,
        color: colours.rose,
      },
    ],
  };
}

/** Notifies the operators that Stripe opens no account for a builder, in Stripe's own words. */
export function accountRefusedNotice(country: string, reason: string): OutgoingMessage {
  return alarm(
    `Stripe refused a payout account in ${country}`,
    `${oneLine(reason, 600)}\n\nUntil this is settled no builder in ${country} can be paid, and often none anywhere. Open https://dashboard.stripe.com/settings/connect/platform-profile, accept what Stripe asks of the platform there (losses of connected accounts included), then ask the builder to run \`/c500 payouts\` again.`,
  );
}

/** Tells the operators that Twitch has stopped telling us about a channel, and what comes next. */
export function revocationNotice(
  broadcasterId: string,
  subscriptionType: string,
  reason: string,
): OutgoingMessage {
  const isFinal = subscriptionStanding(reason) === "final";
  const next = isFinal
    ? (finalReasonTexts[reason] ?? "")
    : "It is made again within a quarter of an hour. If this comes often, look whether `twitch-webhook` answers.";
  return alarm(
    "Twitch ended an EventSub subscription",
    `\`${subscriptionType}\` of Twitch user ${broadcasterId}: ${oneLine(reason, 200)}. Until there is one again their live status is not kept; \`/c500 live\` works as before.\n\n${next}`,
  );
}

/** Tells the operators of many ended subscriptions at once. */
export function revocationsNotice(
  ended: readonly {
    readonly type: string;
    readonly status: string;
    readonly twitchUserId?: string | undefined;
  }[],
): OutgoingMessage {
  const shown = ended
    .slice(0, MAX_ENDED_SHOWN)
    .map(
      ({ type, status, twitchUserId }) =>
        `\`${type}\` of Twitch user ${twitchUserId}: ${oneLine(status, 60)}`,
    );
  const rest = ended.length - shown.length;
  const reasons = [...new Set(ended.map(({ status }) => finalReasonTexts[status] ?? ""))];
  return alarm(
    `Twitch ended ${ended.length} EventSub subscriptions`,
    [...shown, ...(rest > 0 ? [`… and ${rest} more`] : []), "", ...reasons].join("\n"),
  );
}

/** An embed's text has room for these. */
const MAX_ENDED_SHOWN = 25;

const finalReasonTexts: Readonly<Record<string, string>> = {
  authorization_revoked:
    "The broadcaster took their permission back. Ask them whether they still want to sell here: `/c500 register` makes it again.",
  user_removed:
    "The account is no longer on Twitch. Its builder can take another channel with `/c500 register`.",
  version_removed:
    "Twitch no longer offers this version of it. C500 Live has to be brought up to date.",
};

/** An EventSub subscription that Twitch does not make for us. */
export interface RefusedSubscription {
  readonly type: string;
  readonly twitchUserId: string;
  readonly reason: string;
}

/** An embed's text may have 4,096 characters: https://discord.com/developers/docs/resources/message */
const MAX_LISTED = 10;

/** Tells the operators what Twitch does not make again, and why. */
export function subscriptionsRefusedNotice(
  refused: readonly RefusedSubscription[],
): OutgoingMessage {
  const lines = refused
    .slice(0, MAX_LISTED)
    .map(
      (one) => `\`${one.type}\` of Twitch user ${one.twitchUserId}: ${oneLine(one.reason, 200)}`,
    );
  const more = refused.length - lines.length;
  return alarm(
    "Twitch refuses EventSub subscriptions",
    `${lines.join("\n")}${more > 0 ? `\n… and ${more} more` : ""}\n\nI go on asking every quarter of an hour. Until they are made the live status of these channels is kept by looking, as often.`,
  );
}

/** Tells the operators that Stripe does not make a refund. */
export function refundRefusedNotice(
  order: Order,
  amount: number,
  reason: string,
  isOwed: boolean,
): OutgoingMessage {
  const money = formatMoney(amount, order.payment?.currency ?? "usd");
  const next = isOwed
    ? "We owe it to the buyer: I try again every quarter of an hour. Fix the cause at Stripe; `./dev ops orders` lists what is open, and closes it if you pay them in another way."
    : "Whoever asked for it was told. Nothing has changed; they can ask again.";
  return alarm(
    "Stripe refuses a refund",
    `${money} of order \`${order.id}\`: ${oneLine(reason, 300)}\n\n${next}`,
  );
}

/** Notifies the operators of a refund that the platform would have to advance. */
export function advanceRefusedNotice(order: Order, amount: number): OutgoingMessage {
  const money = formatMoney(amount, order.payment?.currency ?? "usd");
  return alarm(
    "A builder's refund needs your decision",
    `<@${order.builderId}> wants to refund ${money} of order \`${order.id}\`. Their account at Stripe cannot give their part back now, and it is more than the platform advances (\`REFUND_ADVANCE_LIMIT\`). Nothing was refunded. To refund it all the same, run \`/c500 refund order:${order.id}\`: what they cannot give back comes off their next payouts.`,
  );
}

/** Tells the operators that Stripe does not pay a builder. */
export function releaseRefusedNotice(order: Order, reason: string): OutgoingMessage {
  return alarm(
    "Stripe refuses to pay a builder",
    `Order \`${order.id}\` of <@${order.builderId}>: ${oneLine(reason, 300)}\n\nThe money stays held, and I try again every quarter of an hour. It can be refunded meanwhile. \`./dev ops orders\` lists it.`,
  );
}

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

/** Tells the operators of a refund whose sale nobody has told us of. */
export function missedSaleNotice(saleId: string, since: Date): OutgoingMessage {
  return alarm(
    "A refund waits for its sale",
    `\`${saleId}\` was refunded, and we have not heard of the sale since <t:${Math.floor(since.getTime() / 1000)}:f>. It may be older than C500 Live: then all is well. Else its shop has it; have it send its webhook again.`,
  );
}

function alarm(title: string, description: string): OutgoingMessage {
  return { embeds: [{ title, color: colours.rose, description }] };
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

/** The same for a refund of merch, whose buyer only Stripe knows. */
export function merchRefundFailedNotice(
  { id, amount, paymentIntentId }: StripeRefund,
  currency: string,
): OutgoingMessage {
  return {
    embeds: [
      {
        title: "A refund did not reach its buyer",
        color: colours.rose,
        description: `${formatMoney(amount, currency)} of merch (payment \`${paymentIntentId}\`, refund \`${id}\`) came back to our balance at Stripe. Its payment there shows who bought it: pay them by hand. What the racers gave back stays with the house until then.`,
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

/** Tells the operators what keeps someone who asked for it from being forgotten. */
export function stillOpenNotice(
  userId: string,
  affairs: readonly { readonly kind: string; readonly name: string }[],
): OutgoingMessage {
  const lines = affairs.map(({ kind, name }) => `${kind}: ${oneLine(name, 80)}`);
  return {
    embeds: [
      {
        title: "Someone asks to be forgotten, and has something open",
        color: colours.peach,
        description: `<@${userId}>\n${plainLines(lines.join("\n"), 1500)}\nHelp them end it: pay them out, close their orders, lift their bar, see to their dead letters.`,
      },
    ],
  };
}

/** Notifies the operators of what someone who is being forgotten owes, without who it is. */
export function forgottenDebtNotice(amounts: readonly string[]): OutgoingMessage {
  return {
    embeds: [
      {
        title: "Someone who owes money is being forgotten",
        color: colours.peach,
        description: `${amounts.join(" + ")} is kept without a name. If they come back within three years it is booked to their account again; until then nobody is asked for it. \`./dev ops ledger check\` shows what all forgotten people owe together.`,
      },
    ],
  };
}
