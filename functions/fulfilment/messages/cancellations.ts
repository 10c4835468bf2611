import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { fullTime, plain } from "../../../shared/discord/theme.ts";
import { LATE_DAYS } from "../../shipping/domain/parcel.ts";
import { type Order, orderTitle, quantityOf } from "../../shop/domain/order.ts";
import { cancelAcceptButton, cancelDeclineButton } from "../commands/buttons.ts";
import type { CancelResult } from "../store/cancellations.ts";
import type { PackedParcel } from "../store/parcel-moves.ts";
import { contentsOf, isPickup } from "./parcels.ts";

type Asked = Extract<CancelResult, { outcome: "asked" }>;

function nameOf(order: Order): string {
  return `**${plain(orderTitle(order) ?? "your order", 100)}**`;
}

/** Asks a builder whether an order may be cancelled. */
export function cancelQuestion({ order, answerBy, isShared }: Asked): OutgoingMessage {
  const { id: orderId, buyerId } = order;
  const shared = isShared
    ? " What else is in its parcel still has to be sent, for the shipping that was paid for it."
    : "";
  return {
    content: `<@${buyerId}> would like to cancel ${nameOf(order)}. If you've already started, decline and say hello to them. Without an answer I'll cancel it ${fullTime(answerBy)}, unless you begin building it before; then everything goes back to them, and ${quantityOf(order) === 1 ? "the unit is" : "the units are"} for sale again.${shared}`,
    buttons: [
      { label: "Cancel it", id: cancelAcceptButton.id({ orderId }), style: "danger" },
      { label: "Keep it", id: cancelDeclineButton.id({ orderId }), style: "secondary" },
    ],
  };
}

/** Notifies a buyer that their order stays: its builder or staff declined, or building began before anyone answered. */
export function declinedNotice(order: Order): OutgoingMessage {
  const why = order.proof
    ? `<@${order.builderId}> has already begun building ${nameOf(order)}`
    : `Your request to cancel ${nameOf(order)} was declined`;
  return {
    content: `${why}, so it isn't cancelled. If it isn't sent within ${LATE_DAYS} days after the date they promised, you can cancel it with \`/c500 cancel\` and get everything back.`,
  };
}

const refusals = {
  "not-found": "I can't find that order. Pick one from the list that opens as you type.",
  "not-asked": "Nobody has asked to cancel that order.",
  unpaid:
    "I have no payment for that order, so there is nothing to cancel. A reservation ends by itself unless it's paid. If the bank is still processing the payment, try again once it has arrived. If it was paid in another way, buyer and builder settle it between themselves.",
  gone: "That order is over: its money is going back, or has gone back already.",
  disputed:
    "The buyer's bank is looking at that payment. Until it has decided, I can't give the money back.",
  sent: "It's already on its way. If something is wrong once it's there, press “Something is wrong” under the message about your parcel, or write to your builder.",
  begun: `Your builder has already begun building it, so it can't be cancelled any more. Write to them: they can still refund it. If it isn't sent within ${LATE_DAYS} days after the date they promised, you can cancel it here.`,
  declined: `Your request was declined. Write to your builder if anything has changed: they can still refund it. If it isn't sent within ${LATE_DAYS} days after the date they promised, you can cancel it here.`,
} as const;

/** The answer to a buyer who wants to cancel. */
export function cancelRequestText(result: CancelResult): string {
  if (result.outcome === "accepted") {
    return `${nameOf(result.order)} is cancelled, and everything you paid is going back to you.`;
  }
  if (result.outcome !== "asked") return refusals[result.outcome];
  const { order, answerBy } = result;
  return `I've asked <@${order.builderId}> to cancel ${nameOf(order)}. Without an answer it's cancelled ${fullTime(answerBy)}, unless they begin building it before.`;
}

/** The answer to a builder or staff who decided. */
export function cancelAnswerText(result: CancelResult): string {
  if (result.outcome === "accepted") {
    return `${nameOf(result.order)} is cancelled. <@${result.order.buyerId}> gets everything back.`;
  }
  if (result.outcome === "declined") return "It stays. I'm letting the buyer know.";
  if (result.outcome === "asked") return refusals["not-asked"];
  if (result.outcome === "sent")
    return "It's already on its way. You can refund it with `/c500 refund`.";
  return refusals[result.outcome];
}

/** The answer to a buyer who asked to wait. */
export function waitText(packed: PackedParcel): string {
  const { builderId, waitUntil, dispatchBy } = packed.parcel;
  return `I've asked <@${builderId}> to keep ${contentsOf(packed)} until ${fullTime(waitUntil ?? dispatchBy)}.`;
}

/** Why nothing waits. */
export const waitRefusalText =
  "Nothing is waiting to be sent for that order. Pick one from the list that opens as you type.";

/** Notifies a builder that a buyer asked to wait. */
export function waitNotice(packed: PackedParcel): OutgoingMessage {
  const { buyerId, waitUntil, dispatchBy } = packed.parcel;
  const where = isPickup(packed) ? "ready for pickup" : "on its way";
  return {
    content: `🏖️ <@${buyerId}> asks you to keep ${contentsOf(packed)} until ${fullTime(waitUntil ?? dispatchBy)}. It now has to be ${where} by ${fullTime(dispatchBy)}.`,
  };
}
