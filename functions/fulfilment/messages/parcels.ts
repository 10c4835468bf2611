import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { fullTime, plain } from "../../../shared/discord/theme.ts";
import { ARRIVAL_DAYS, type HoldReason, LATE_DAYS } from "../../shipping/domain/parcel.ts";
import { PICKUP } from "../../shipping/domain/terms.ts";
import { type Order, orderTitle } from "../../shop/domain/order.ts";
import { arrivedButton, wrongButton } from "../commands/buttons.ts";
import {
  type CarrierId,
  carriers,
  MAX_TRACKING_LENGTH,
  MIN_TRACKING_LENGTH,
  trackingLink,
} from "../domain/carriers.ts";
import type { ShipResult } from "../service/ship-parcel.ts";
import type { PackedParcel } from "../store/parcel-moves.ts";

/** What is in a parcel: "**Brass weight** and 2 more". */
export function contentsOf({ orders }: Pick<PackedParcel, "orders">): string {
  const [first, ...others] = orders.filter(({ parcel }) => parcel?.state !== "canceled");
  const more = others.length > 0 ? ` and ${others.length} more` : "";
  return `**${plain(titleOf(first), 100)}**${more}`;
}

/** The order whose page a message about a parcel leads to; the page names the others. */
export function orderToShow({ orders }: Pick<PackedParcel, "orders">): string | undefined {
  return orders.find(({ parcel }) => parcel?.state !== "canceled")?.id;
}

/** Whether its buyer comes for it. */
export function isPickup({ parcel }: Pick<PackedParcel, "parcel">): boolean {
  return parcel.destination === PICKUP;
}

function titleOf(order: Order | undefined): string {
  return (order && orderTitle(order)) ?? "your order";
}

/** How a parcel can be followed: the carrier, its number and a link where there are any. */
export function trackingText({ parcel }: Pick<PackedParcel, "parcel">): string {
  const { carrier, tracking } = parcel;
  if (tracking === undefined) return "It has no tracking number.";
  const link = trackingLink(carrier, tracking);
  const isNamed = carrier !== undefined && carrier !== "other" && Object.hasOwn(carriers, carrier);
  const name = isNamed ? `${carriers[carrier as CarrierId].name} ` : "";
  return link ? `${name}[${tracking}](${link})` : `${name}\`${tracking}\``;
}

/** Notifies a buyer that their parcel was sent. */
export function sentNotice(packed: PackedParcel): OutgoingMessage {
  const { parcel, orders } = packed;
  if (isPickup(packed)) {
    return {
      content: `📦 ${contentsOf(packed)} is ready: <@${parcel.builderId}> expects you.`,
      buttons: [arrived(parcel.id, "I have it"), wrong(parcel.id)],
    };
  }
  const together = orders.length > 1 ? " They ship together." : "";
  return {
    content: `📦 Your parcel is on its way! ${contentsOf(packed)} from <@${parcel.builderId}>.${together}\nTracking: ${trackingText(packed)}\nWithout a word from you I count it as arrived after ${ARRIVAL_DAYS} days.`,
    buttons: [arrived(parcel.id, "It arrived"), wrong(parcel.id)],
  };
}

function arrived(parcelId: string, label: string) {
  return { label, id: arrivedButton.id({ parcelId }), style: "success" as const };
}

function wrong(parcelId: string) {
  return {
    label: "Something is wrong",
    id: wrongButton.id({ parcelId }),
    style: "secondary" as const,
  };
}

/** Notifies a buyer of another tracking number. */
export function correctedNotice(packed: PackedParcel): OutgoingMessage {
  return {
    content: `📦 The tracking number of ${contentsOf(packed)} has changed: ${trackingText(packed)}`,
  };
}

/** The answer to a buyer who confirmed the arrival. */
export const arrivedText = "Enjoy it! 💛 I've let your builder know.";

/** Notifies a builder that a parcel arrived: that its buyer said so, or said nothing for long enough. */
export function arrivedNotice(packed: PackedParcel): OutgoingMessage {
  const { arrivedBy, buyerId } = packed.parcel;
  const what = contentsOf(packed);
  if (arrivedBy === "time") {
    const as = isPickup(packed) ? "picked up" : "arrived";
    return {
      content: `🏡 ${what} for <@${buyerId}> counts as ${as}: they haven't said otherwise in ${ARRIVAL_DAYS} days.`,
    };
  }
  if (isPickup(packed)) return { content: `🏡 <@${buyerId}> has picked up ${what}.` };
  return { content: `🏡 ${what} has arrived at <@${buyerId}>.` };
}

/** Asks a buyer whether their parcel arrived, shortly before it counts as arrived. */
export function arrivalQuestion(packed: PackedParcel, countsAt: Date): OutgoingMessage {
  if (isPickup(packed)) {
    return {
      content: `📦 Have you picked up ${contentsOf(packed)}? Without a word from you I count it as picked up ${fullTime(countsAt)}.`,
      buttons: [arrived(packed.parcel.id, "I have it"), wrong(packed.parcel.id)],
    };
  }
  return {
    content: `📦 Has ${contentsOf(packed)} arrived? ${trackingText(packed)}\nWithout a word from you I count it as arrived ${fullTime(countsAt)}.`,
    buttons: [arrived(packed.parcel.id, "It arrived"), wrong(packed.parcel.id)],
  };
}

/** Reminds a builder of a parcel that they promised to send. */
export function dispatchReminder(packed: PackedParcel): OutgoingMessage {
  const { id, dispatchBy, buyerId } = packed.parcel;
  const where = isPickup(packed) ? "ready for pickup" : "on its way";
  return {
    content: `⏳ ${contentsOf(packed)} for <@${buyerId}> has to be ${where} by ${fullTime(dispatchBy)}. When it is, run \`/c500 ship order:${id}\`.`,
  };
}

/** Notifies both sides of a parcel that was not sent in time. */
export function lateNotices(packed: PackedParcel): {
  buyer: OutgoingMessage;
  builder: OutgoingMessage;
} {
  const { id, buyerId, builderId } = packed.parcel;
  const [where, done, act] = isPickup(packed)
    ? ["ready for pickup", "ready", "Get it ready"]
    : ["on its way", "sent", "Send it"];
  return {
    buyer: {
      content: `${contentsOf(packed)} should have been ${where} by now. I've reminded <@${builderId}>. If it isn't ${done} within ${LATE_DAYS} days, you can cancel it and get everything back.`,
    },
    builder: {
      content: `⚠️ ${contentsOf(packed)} for <@${buyerId}> is late. ${act} and run \`/c500 ship order:${id}\`: after ${LATE_DAYS} more days the buyer may cancel and gets everything back.`,
    },
  };
}

/** Why a command or press about a parcel did nothing. */
export const parcelRefusalTexts = {
  "not-found":
    "I can't find that order among those you have to send. Pick one from the list that opens as you type.",
  "no-order":
    "Pick the order as well. Without any option, `/c500 ship` takes several at once: a line each.",
  "not-yours": "That parcel isn't yours.",
  "not-sent": "That parcel hasn't been sent yet, so it can't have arrived.",
  "bad-tracking": `I can't read that tracking number. Write the letters and digits on the label, ${MIN_TRACKING_LENGTH} to ${MAX_TRACKING_LENGTH} of them; leave it out if the parcel has none.`,
  "unknown-carrier": `I don't know that carrier. Choose one of these: ${Object.values(carriers)
    .map(({ name }) => name)
    .join(", ")}.`,
} as const;

const holdTexts: Readonly<Record<HoldReason, string>> = {
  "not-open": "it was sent, or there is nothing left to send",
  empty: "everything in it was refunded",
  unpaid: "its payment hasn't arrived yet",
  disputed: "the buyer's bank disputes the payment; wait for its decision",
  unproved:
    "its money is held until you build it on stream: go live with it first, or the money goes back to the buyer",
  "bundle-open":
    "the buyer may still add to it until some time after the stream; to send it now, add `anyway:True`",
  "buyer-asked": "the buyer asked you to wait; to send it now, add `anyway:True`",
  "price-wrong":
    "the buyer paid for shipping to another place than the address they gave; to send it there, add `anyway:True`, or refund the order",
};

/** The reasons not to send a parcel, as a builder reads them. */
export function holdText(reasons: readonly HoldReason[]): string {
  return reasons.map((reason) => `• ${holdTexts[reason]}`).join("\n");
}

/** The answer to a builder who sent a parcel. */
export function shipAnswer(result: ShipResult): OutgoingMessage {
  switch (result.outcome) {
    case "not-found":
    case "bad-tracking":
    case "unknown-carrier":
      return { content: parcelRefusalTexts[result.outcome] };
    case "held":
      return { content: `${contentsOf(result)} can't be sent now:\n${holdText(result.reasons)}` };
    case "superseded":
      return {
        content: `${contentsOf(result)} is being sent again, in a new parcel. When that one is on its way, run the command again.`,
      };
    case "corrected":
      return {
        content: `${contentsOf(result)} has a new tracking number: ${trackingText(result)}. I'm letting <@${result.parcel.buyerId}> know.`,
      };
    case "sent":
      return {
        content: isPickup(result)
          ? `📦 ${contentsOf(result)} is ready for pickup. I'm letting <@${result.parcel.buyerId}> know.`
          : `📦 ${contentsOf(result)} is on its way to <@${result.parcel.buyerId}>, and I'm letting them know. ${trackingText(result)}`,
      };
  }
}
