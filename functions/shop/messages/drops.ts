import type { APIEmbed } from "discord-api-types/v10";
import type { Button, OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { colours, fullTime, plain, plainLines } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import { isApproved } from "../../members/domain/standing.ts";
import type { Builder } from "../../members/store/builders.ts";
import type { ShippingTerms } from "../../shipping/domain/terms.ts";
import { describePrices, describeTerms } from "../../shipping/messages/terms.ts";
import { buyButton, detailsButton, giveBackButton, notifyMeButton } from "../commands/buttons.ts";
import {
  type Drop,
  MAX_DESCRIPTION_LENGTH,
  pictureCount,
  type StockLevel,
} from "../domain/drop.ts";

import { HELD_DAYS, type Order, orderTitle, quantityOf } from "../domain/order.ts";

/** Discord's limit on an embed's title: https://discord.com/developers/docs/resources/message#embed-object */
const MAX_EMBED_TITLE = 256;
/** A post shows this many characters of the description; Details shows all of it. */
const MAX_PREVIEW_LENGTH = 300;

/** Everything a drop's post shows. */
export interface DropView {
  readonly drop: Drop;
  readonly stock: StockLevel;
  readonly builder: Pick<Builder, "isLive" | "twitchUsername" | "standing"> | undefined;
}

/** What the pictures of a drop are called in its post. */
export function pictureName(index: number): string {
  return index === 0 ? "drop.png" : `drop-${index + 1}.png`;
}

/**
 * The post in the marketplace channel. Pings nobody. Discord shows the pictures of embeds with the same address as one
 * block: https://discord.com/developers/docs/resources/message#embed-object
 */
export function dropPost(view: DropView, siteUrl: string): OutgoingMessage {
  const { drop, stock } = view;
  const url = `${siteUrl}/drop/${encodeURIComponent(drop.id)}`;
  const names = Array.from({ length: pictureCount(drop) }, (_, index) => pictureName(index));
  const [first, ...more] = names.map((name) => ({ image: { url: `attachment://${name}` } }));
  const canBuy = !drop.isClosed && stock.free > 0 && !isPaused(view);
  return {
    embeds: [
      { ...dropEmbed(view, MAX_PREVIEW_LENGTH, describePrices), url, ...first },
      ...more.map((picture) => ({ url, ...picture })),
    ],
    buttons: [
      {
        label: canBuy ? "Buy Now" : stateText(view),
        id: buyButton.id({ dropId: drop.id }),
        style: "success",
        disabled: !canBuy,
      },
      ...(isSoldOut(view) ? [notifyMe(drop)] : []),
      { label: "Details", id: detailsButton.id({ dropId: drop.id }), style: "secondary" },
    ],
  };
}

/** Whether a drop that is open has no unit left. */
function isSoldOut(view: DropView): boolean {
  return !view.drop.isClosed && !isPaused(view) && view.stock.free === 0;
}

function notifyMe({ id }: Drop): Button {
  return { label: "Notify me", id: notifyMeButton.id({ dropId: id }), style: "primary" };
}

/** The answer to Details: everything about a drop. */
export function dropDetails(view: DropView): OutgoingMessage {
  const { drop } = view;
  const embed = dropEmbed(view, MAX_DESCRIPTION_LENGTH * 2, describeTerms);
  const fields = [
    ...(embed.fields ?? []),
    { name: "How you pay", value: planTexts[drop.plan] },
    { name: "Limit", value: `${drop.limitPerBuyer} for each buyer` },
  ];
  return { embeds: [{ ...embed, fields }] };
}

function dropEmbed(
  view: DropView,
  maxDescription: number,
  describeShipping: (terms: ShippingTerms) => readonly string[],
): APIEmbed {
  const { drop, builder } = view;
  const stream = builder?.twitchUsername;
  const live =
    builder?.isLive && stream
      ? `🔴 live now: https://www.twitch.tv/${stream}`
      : "not live right now";
  const description = plainLines(drop.description, maxDescription);
  return {
    title: plain(drop.title, MAX_EMBED_TITLE),
    ...(description && { description }),
    color: drop.isClosed || view.stock.free === 0 || isPaused(view) ? colours.rose : colours.peach,
    fields: [
      { name: "Price", value: formatMoney(drop.price, drop.currency), inline: true },
      { name: "Units left", value: unitsText(view), inline: true },
      { name: "Builder", value: `<@${drop.builderId}>, ${live}` },
      ...(drop.shipping
        ? [{ name: "Shipping", value: describeShipping(drop.shipping).join("\n") }]
        : []),
    ],
    footer: { text: drop.plan === "held" ? "Made to order, built live" : "Ready to ship" },
  };
}

const planTexts = {
  held: `Your money is held until the builder shows your order on stream. If that doesn't happen within ${HELD_DAYS} days, you get all of it back.`,
  split: "The builder is paid when you pay, and ships right away.",
} as const;

function unitsText(view: DropView): string {
  const { drop, stock } = view;
  if (drop.isClosed || stock.free === 0 || isPaused(view)) return stateText(view);
  return `${stock.free} of ${drop.stock}`;
}

/** Why a drop cannot be bought, as a button's label. */
function stateText(view: DropView): string {
  const { drop, stock } = view;
  if (drop.isClosed) return "Closed";
  if (isPaused(view)) return "Paused";
  return stock.reserved > 0 ? "Sold out for now" : "Sold out";
}

/** Whether the builder may not sell: the team has not approved them, or has suspended them. */
export function isPaused({ builder }: DropView): boolean {
  return !isApproved(builder?.standing);
}

/** The answer to Buy Now: the Checkout link. */
export function payNow(
  order: Pick<Order, "id" | "title" | "moreUnits">,
  checkout: { readonly url: string; readonly expiresAt: Date },
): OutgoingMessage {
  const cancel: Button = {
    label: "Give it back",
    id: giveBackButton.id({ orderId: order.id }),
    style: "secondary",
  };
  const [is, it] = quantityOf(order) === 1 ? ["is", "it"] : ["are", "them"];
  return {
    content: `**${plain(orderTitle(order) ?? "It", 100)}** ${is} reserved for you. Pay now to secure ${it}: the reservation ends ${fullTime(checkout.expiresAt)}, and then someone else can have ${it}.`,
    buttons: [{ label: "Pay with Stripe", url: checkout.url }, cancel],
  };
}

/** Why someone cannot buy, and what to do next. */
export const buyRefusalTexts = {
  "not-found":
    "I can't find that drop any more. Look in the marketplace channel to see what is on sale.",
  closed: "This drop is closed. Look in the marketplace channel to see what else is on sale.",
  "sold-out":
    "All units are sold or reserved right now. Reservations that aren't paid come back within half an hour. Press Notify me under the drop, and I'll send you a message when there are units again.",
  "own-drop": "This is your own drop, so you can't buy it. To change it, use `/c500 drops`.",
  limit:
    "You already have as many of these as one buyer may have. Look in the marketplace channel to see what else is on sale.",
  "builder-paused":
    "This builder can't sell at the moment, so this drop is paused. Nothing is reserved and nothing was charged. Look in the marketplace channel to see what else is on sale.",
  "builder-not-ready":
    "This builder's payout account needs attention before they can sell. Nothing is reserved and nothing was charged: please try again later.",
  "payment-unavailable":
    "I couldn't open Stripe's checkout just now, and nothing is reserved. Please press Buy Now again in a minute.",
  over: "That reservation is over. Press Buy Now again if you still want it.",
} as const;

/** The buyer's answer: they gave a reservation back. */
export const givenBackText = "It's back on the shelf, and nothing was charged. See you around!";
/** The buyer's answer: there is nothing to give back. */
export const notGivenBackText =
  "There is nothing to give back: that reservation is already paid or over. `/c500 profile` shows your orders.";
