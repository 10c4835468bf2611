import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { colours, fullTime, plain, relativeTime } from "../../../shared/discord/theme.ts";
import { decimalOf, formatMoney } from "../../../shared/money/money.ts";
import { PICKUP } from "../../shipping/domain/terms.ts";
import { builderPart } from "../domain/builder-part.ts";
import {
  HELD_DAYS,
  type Order,
  orderTitle,
  type Payment,
  quantityOf,
  type Sending,
} from "../domain/order.ts";
import { partsOf } from "../domain/order-parts.ts";

/** An order that has a payment. */
export type PaidOrder = Order & { readonly payment: Payment };

const title = (order: Order) => plain(orderTitle(order) ?? "your order", 100);
const areIs = (order: Order) => (quantityOf(order) === 1 ? "is" : "are");
const money = (order: PaidOrder, amount: number) => formatMoney(amount, order.payment.currency);

/** The buyer's receipt. */
export function receipt(order: PaidOrder): OutgoingMessage {
  const { payment } = order;
  const next =
    payment.plan === "held" && payment.heldUntil
      ? `The money is held until your builder shows it on stream. If that hasn't happened by ${fullTime(payment.heldUntil)}, you get all of it back.`
      : order.destination === PICKUP
        ? "Your builder gets it ready, and I'll send you a message when you can pick it up."
        : "Your builder is packing it.";
  return {
    content: `Thank you! **${title(order)}** ${areIs(order)} yours. 💛`,
    embeds: [
      {
        title: "Receipt",
        color: colours.mint,
        fields: [
          { name: "Paid", value: money(order, payment.amount), inline: true },
          ...partFields(order),
          { name: "Order", value: `\`${order.id}\``, inline: true },
          { name: "Builder", value: `<@${order.builderId}>`, inline: true },
          { name: "What happens now", value: next },
        ],
      },
    ],
  };
}

/** What the amount consists of, where it is more than the items' price. */
function partFields(order: PaidOrder) {
  const { items, shipping } = partsOf(order.payment);
  const { tax } = order.payment;
  if (shipping.price === 0 && tax === 0) return [];
  const parts = [
    { name: "Items", amount: items.price },
    { name: "Shipping", amount: shipping.price },
    ...(tax > 0 ? [{ name: "Tax", amount: tax }] : []),
  ];
  return parts.map(({ name, amount }) => ({ name, value: money(order, amount), inline: true }));
}

/** Notifies a buyer that their bank has not confirmed the payment yet. */
export function bankIsWorking(order: PaidOrder): OutgoingMessage {
  return {
    content: `Your bank is processing the payment for **${title(order)}**. That can take a few days; it stays reserved for you, and I'll let you know.`,
  };
}

/** Notifies a buyer that their bank refused the payment. */
export function bankRefused(order: PaidOrder): OutgoingMessage {
  const then = order.auctionId
    ? "so the sale is off. Nothing was charged."
    : "so it went back on the shelf. Nothing was charged. If you still want it, press Buy Now again and pay another way.";
  return { content: `Your bank refused the payment for **${title(order)}**, ${then}` };
}

/** Notifies a builder of a sale. */
export function sold(order: PaidOrder): OutgoingMessage {
  const { payment } = order;
  const { heldUntil } = payment;
  const next = payment.plan === "held" && heldUntil ? toProve(order, heldUntil) : toShip(order);
  return {
    content: `🎉 You sold **${title(order)}** to <@${order.buyerId}> for ${money(order, payment.amount)}. ${next}`,
  };
}

function toProve(order: PaidOrder, heldUntil: Date): string {
  const part = builderPart(order.payment);
  const build = `Build it on stream with \`/c500 live context:order orders:${order.id}\``;
  return part === 0
    ? `${NOTHING_LEFT} ${build}; otherwise the money goes back to the buyer ${fullTime(heldUntil)}.`
    : `Your ${money(order, part)} is held. ${build} to release it; otherwise it goes back to the buyer ${fullTime(heldUntil)}.`;
}

function toShip(order: PaidOrder): string {
  const part = builderPart(order.payment);
  const yours =
    part === 0 ? NOTHING_LEFT : `Your ${money(order, part)} is on the way to your account.`;
  const isPickup = order.destination === PICKUP;
  const when = isPickup ? "When it can be picked up" : "When it's on its way";
  const ship = order.parcel ? ` ${when}, run \`/c500 ship order:${order.id}\`.` : "";
  return `${yours} ${isPickup ? "Time to get it ready!" : "Time to ship!"}${ship}`;
}

/** A minimum fee may be the whole price. */
const NOTHING_LEFT = "After fees and refunds nothing of it is left for you.";

/** Notifies a buyer whose payment came too late that it is refunded. */
export function apology(order: PaidOrder): OutgoingMessage {
  const why = order.auctionId
    ? "came after that sale was over: your time to pay had ended, or the builder had taken the auction's result back"
    : quantityOf(order) === 1
      ? "came after its reservation had ended, and the last unit went to someone else"
      : "came after its reservation had ended, and fewer units were left";
  return {
    content: `I'm sorry: your payment for **${title(order)}** ${why}. I've sent all ${money(order, order.payment.amount)} back; your bank shows it within a few days.`,
  };
}

/** Notifies a builder that money is on its way: the order's first release, or money that had been taken back. */
export function released(
  order: PaidOrder,
  { gross, netted }: Pick<Sending, "gross" | "netted">,
  isFirst: boolean,
): OutgoingMessage {
  const why = isFirst
    ? `**${title(order)}** is ${order.payment.plan === "held" ? "proved" : "paid"}`
    : `The money taken back for **${title(order)}** is yours again`;
  if (gross === netted) {
    const all = money(order, netted);
    return { content: `💸 ${why}: all of your ${all} settles what you owed for earlier refunds.` };
  }
  const kept =
    netted > 0 ? ` Another ${money(order, netted)} settles what you owed for earlier refunds.` : "";
  const sent = money(order, gross - netted);
  return { content: `💸 ${why}: ${sent} is on the way to your account.${kept}` };
}

/** Notifies a builder that they cannot be paid yet. */
export function accountNeeded(order: PaidOrder): OutgoingMessage {
  const what = order.payment.plan === "held" ? "proved" : "paid";
  return {
    content: `**${title(order)}** is ${what}, but I can't pay you yet: your payout account isn't ready. Run \`/c500 payouts\` to see what is missing; the money follows automatically.`,
  };
}

/** Notifies a builder that Stripe refused to send their money. */
export function releaseRefused(order: PaidOrder): OutgoingMessage {
  return {
    content: `I tried to send you the money for **${title(order)}**, and Stripe refused. It is safe with the platform, the team has been notified, and I try again every 15 minutes. Run \`/c500 payouts\` to see whether Stripe needs something from you.`,
  };
}

/** Warns the buyer and the builder that held money goes back soon. */
export function holdWarning(
  order: PaidOrder,
  until: Date,
): { buyer: OutgoingMessage; builder: OutgoingMessage } {
  const when = fullTime(until);
  return {
    buyer: {
      content: `**${title(order)}** hasn't been on stream yet. If your builder doesn't build it live, you get your ${money(order, order.payment.amount - order.payment.refunded)} back ${when}. I've reminded them.`,
    },
    builder: {
      content: `⏳ **${title(order)}** for <@${order.buyerId}> hasn't been on stream yet. Build it live with \`/c500 live context:order orders:${order.id}\`; otherwise the money goes back to the buyer ${when}.`,
    },
  };
}

/** Notifies the buyer and the builder that held money went back. */
export function holdEnded(order: PaidOrder): { buyer: OutgoingMessage; builder: OutgoingMessage } {
  return {
    buyer: {
      content: `**${title(order)}** wasn't built within ${HELD_DAYS} days, so you get your money back. Your bank shows it within a few days. I'm sorry it didn't work out.`,
    },
    builder: {
      content: `**${title(order)}** for <@${order.buyerId}> wasn't on stream within ${HELD_DAYS} days, so the buyer got their money back.`,
    },
  };
}

/** Notifies a buyer of a refund. */
export function refundedToBuyer(order: PaidOrder, amount: number): OutgoingMessage {
  const left = order.payment.amount - order.payment.refunded;
  const part = left > 0 ? `${money(order, amount)} of your order` : `${money(order, amount)}`;
  return {
    content: `💌 ${part} for **${title(order)}** (\`${order.id}\`) is on the way back to you. Your bank shows it within a few days.`,
  };
}

/** Notifies a builder of a refund. */
export function refundedToBuilder(
  order: PaidOrder,
  amount: number,
  part: { readonly amount: number; readonly isOwed: boolean },
): OutgoingMessage {
  const sum = money(order, part.amount);
  const yours = part.isOwed
    ? ` ${sum} of it is your part. Your account has too little available: I take it back as soon as there is enough, or it comes off your next payouts.`
    : part.amount > 0
      ? ` ${sum} of it came from your account.`
      : order.payment.hold === "releasing"
        ? " The order's money is on its way to you: once it is there, I take back your part of the refund."
        : "";
  return {
    content: `↩️ <@${order.buyerId}> got ${money(order, amount)} back for **${title(order)}** (\`${order.id}\`).${yours}`,
  };
}

/** Why a refund was not made. */
export const refundRefusalTexts = {
  "not-found":
    "I can't find that order among yours. Pick one from the list that opens as you type.",
  unpaid: "That order was never paid here, so there is nothing to give back.",
  disputed:
    "The buyer's bank is looking into that payment, so Stripe doesn't let us refund it now. The team has been notified; wait for the bank's decision.",
  refused:
    "Stripe refused the refund, and nothing has changed. The team has been notified; try again later.",
  "too-little":
    "Your Stripe account doesn't have enough available to give your part of this refund back, and it is more than the platform can advance. Nothing has changed. Wait until the money of your sales is available (your Stripe dashboard shows when), refund a smaller amount, or ask the team: they have been notified, and can refund the order for you.",
} as const;

/** The answer to an amount of a refund that can't be read, with an example in the order's currency. */
export function badRefundAmountText(currency: string): string {
  return `I can't read that amount. Write it like ${decimalOf(1250, currency)}, or leave it out to refund everything.`;
}

/** Notifies a builder that a refund that they requested some time ago is not made. */
export function refundNotMade(
  order: Order,
  amount: number,
  why: "refused" | "too-little",
): OutgoingMessage {
  const sum = formatMoney(amount, order.payment?.currency ?? "usd");
  return {
    content: `Your refund of ${sum} for **${title(order)}** (\`${order.id}\`) wasn't made after all. ${refundRefusalTexts[why]}`,
  };
}

/** The answer to a refund of more than is left: `left` of what was asked for, the order or one part of it. */
export function tooMuchText(
  left: number,
  {
    amount,
    refundRequested,
    refunded,
    currency,
  }: Pick<Payment, "amount" | "refundRequested" | "refunded" | "currency">,
): string {
  if (left > 0) {
    return `At most ${formatMoney(left, currency)} of that can still be refunded. Refund that much or less.`;
  }
  if (refundRequested < amount) {
    const rest = formatMoney(amount - refundRequested, currency);
    return `Nothing is left of that part, but ${rest} of the rest of the order can still be refunded: choose the other part, or the whole order.`;
  }
  if (refunded < amount) {
    return `${formatMoney(amount - refunded, currency)} of that order is already being refunded, and nothing else is left. Stripe hasn't made it yet; I go on with it by myself. If it can't be made, the team is notified.`;
  }
  return "Everything was already refunded: there is nothing left to give back.";
}

/** The answer to a command that repeats a recent refund and did nothing. */
export function justRefundedText(refundedAt: Date): string {
  return `The same amount of that order was refunded just now, by a command typed ${relativeTime(refundedAt)}. This one did nothing. If you do mean to refund it again, wait two minutes and run the command once more.`;
}

/** The answer after a refund. */
export function refundMadeText(order: PaidOrder, amount: number): string {
  const left = order.payment.amount - order.payment.refunded;
  const rest = left > 0 ? ` ${money(order, left)} of it stays paid.` : "";
  return `Done: ${money(order, amount)} of \`${order.id}\` goes back to <@${order.buyerId}>. I'm letting them know.${rest}`;
}
