import type { APIEmbed, APIEmbedField } from "discord-api-types/v10";
import type { Button, OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { colours, plain, relativeTime } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import { describePrices } from "../../shipping/messages/terms.ts";
import { amountButton, bidButton, noticeButton } from "../commands/bid.ts";
import {
  type Auction,
  type Claim,
  incrementsFor,
  isGoingOnce,
  isReserveMet,
  leastBid,
  nextAmount,
  shownInterruption,
} from "../domain/auction.ts";
import { counted, money, titleOf, wentBackTo } from "./auction-words.ts";

const MAX_TITLE = 200;
/** The name of the file that a board is posted with. */
export const BOARD_PICTURE = "auction.png";

/** The auction's board in a channel. Pings nobody. */
export function auctionBoard(auction: Auction, now: Date, siteUrl: string): OutgoingMessage {
  return { embeds: [boardEmbed(auction, now)], buttons: boardButtons(auction, siteUrl) };
}

function boardEmbed(auction: Auction, now: Date): APIEmbed {
  return {
    title: plain(auction.title, MAX_TITLE),
    description: stateText(auction, now),
    color: stateColour(auction),
    fields: boardFields(auction),
    ...(auction.imageUrl && { image: { url: `attachment://${BOARD_PICTURE}` } }),
    footer: { text: auction.plan === "held" ? "Made to order, built live" : "Ready to ship" },
  };
}

function boardFields(auction: Auction): APIEmbedField[] {
  const { standing } = auction;
  const builder = { name: "Builder", value: `<@${auction.builderId}>`, inline: true };
  const secondChance = secondChanceOf(auction);
  if (secondChance) {
    // Earlier bids would only show how much less it sold for.
    const price = money(auction, secondChance.amount);
    return [
      { name: "Sold for", value: `**${price}**`, inline: true },
      { name: "Buyer", value: `<@${secondChance.bidderId}>`, inline: true },
      builder,
    ];
  }
  return [
    standing
      ? { name: "Price", value: `**${money(auction, standing.price)}**`, inline: true }
      : { name: "Starts at", value: `**${money(auction, auction.startPrice)}**`, inline: true },
    { name: "Leading", value: standing ? `<@${standing.leaderId}>` : "nobody yet", inline: true },
    {
      name: "Bids",
      value: `${standing?.bids ?? 0} by ${counted(auction.bidderCount, "bidder")}`,
      inline: true,
    },
    ...(auction.state === "live"
      ? [{ name: "Next bid", value: `${money(auction, leastBid(auction))} or more`, inline: true }]
      : []),
    ...(auction.state === "live" && auction.reserve > 0
      ? [{ name: "Reserve", value: isReserveMet(auction) ? "met" : "not met yet", inline: true }]
      : []),
    builder,
    ...shippingField(auction),
  ];
}

/** What shipping costs, for as long as people may bid. */
function shippingField({ state, shipping }: Auction): APIEmbedField[] {
  if (!shipping || (state !== "planned" && state !== "live")) return [];
  return [{ name: "Shipping", value: describePrices(shipping).join("\n") }];
}

/** The claim of a runner-up to whom an auction is sold. */
function secondChanceOf({ state, claim }: Auction): Claim | undefined {
  const isSold = claim?.state === "ordered" || claim?.state === "paid";
  return state === "sold" && claim && claim.round > 0 && isSold ? claim : undefined;
}

function stateText(auction: Auction, now: Date): string {
  const { standing, endsAt, claim } = auction;
  switch (auction.state) {
    case "planned":
      return auction.opens === "live"
        ? "🕰️ Opens when the builder goes live."
        : "🕰️ Opens in a moment.";
    case "live": {
      if (!endsAt) return "🔨 Live";
      const ends = relativeTime(endsAt);
      const live = isGoingOnce(auction, now)
        ? `⏳ Going once… ends ${ends}`
        : `🔨 Live, ends ${ends}`;
      return [live, ...interruptionLine(auction, now)].join("\n");
    }
    case "sold":
      if (claim?.state === "over") return "💤 The hammer fell, but nobody paid.";
      if (claim?.state === "offered") return "🔔 Offered to the next bidder.";
      if (claim && claim.round > 0) {
        return `✅ **SOLD** for ${money(auction, claim.amount)} to <@${claim.bidderId}>`;
      }
      return standing
        ? `✅ **SOLD** for ${money(auction, standing.price)} to <@${standing.leaderId}>`
        : "✅ **SOLD**";
    case "unsold":
      return standing ? "💤 Unsold: the reserve was not met." : "💤 Unsold: nobody bid.";
    case "cancelled":
      return "🚫 Cancelled. Nobody has won, and nobody pays.";
    case "void":
      return "🚫 The result was taken back. Nobody pays.";
  }
}

/** Shows that bidding is paused, or that bids were lost recently. */
function interruptionLine(auction: Auction, now: Date): string[] {
  const interruption = shownInterruption(auction, now);
  if (!interruption) return [];
  const { resumedAt } = interruption;
  if (!resumedAt) return ["⏸️ **Bidding is paused** for a moment."];
  return [
    `↩️ ${wentBackTo(interruption)} ${relativeTime(resumedAt)}: later bids were lost, and their bidders get a message.`,
  ];
}

function stateColour({ state }: Auction): number {
  if (state === "live") return colours.peach;
  if (state === "sold") return colours.mint;
  return state === "planned" ? colours.sky : colours.rose;
}

/** Buttons bid absolute amounts, so that nobody bids more than they saw. */
function boardButtons(auction: Auction, siteUrl: string): readonly Button[] {
  const page: Button = { label: "Watch", url: `${siteUrl}/auction/${auction.id}` };
  if (auction.state !== "live") return [page];
  const least = leastBid(auction);
  const more = nextAmount(least, incrementsFor(auction));
  return [
    bidButtonFor(auction.id, auction.currency, least),
    { ...bidButtonFor(auction.id, auction.currency, more), style: "primary" },
    { label: "Another amount", id: amountButton.id({ auctionId: auction.id }), style: "secondary" },
    {
      label: "Notify me if I'm outbid",
      id: noticeButton.id({ auctionId: auction.id }),
      style: "secondary",
    },
    page,
  ];
}

/** A button that bids exactly the amount on its label. */
export function bidButtonFor(auctionId: string, currency: string, amount: number) {
  return {
    label: `Bid ${formatMoney(amount, currency)}`,
    id: bidButton.id({ auctionId, amount }),
    style: "success" as const,
  };
}

/** Replaces a board that moved down the channel. */
export function movedBoard(
  auction: Auction,
  channelId: string,
  messageId: string,
): OutgoingMessage {
  return {
    content: `⬇️ The board of ${titleOf(auction)} [is further down](https://discord.com/channels/@me/${channelId}/${messageId}).`,
    embeds: [],
    buttons: [],
  };
}

/** Replaces the board of an auction that can't be read any more. */
export const unreadableBoard: OutgoingMessage = {
  content: "🚫 This auction is cancelled. Nobody has won, and nobody pays.",
  embeds: [],
  buttons: [],
};
