import type { APIEmbed, APIEmbedField } from "discord-api-types/v10";
import type { Button, OutgoingMessage } from "../../../shared/clients/discord.ts";
import { colours, plain, relativeTime } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import { amountButton, bidButton, noticeButton } from "../commands/bid.ts";
import { acceptButton, claimButton } from "../commands/buttons.ts";
import {
  type Auction,
  type Claim,
  type Interruption,
  incrementsFor,
  isGoingOnce,
  isReserveMet,
  leastBid,
  nextAmount,
  shownInterruption,
} from "../domain/auction.ts";

const MAX_TITLE = 200;
/** The name of the file that a board is posted with. */
export const BOARD_PICTURE = "auction.png";

const titleOf = ({ title }: Pick<Auction, "title">) => `**${plain(title, 100)}**`;
const money = ({ currency }: Pick<Auction, "currency">, amount: number) =>
  formatMoney(amount, currency);

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
  ];
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
    `↩️ ${wentBackTo(interruption)} ${relativeTime(resumedAt)}: later bids were lost, and their bidders have been notified.`,
  ];
}

function wentBackTo({ bids }: Interruption): string {
  return bids === 0 ? "Went back to the start" : `Went back to bid ${bids}`;
}

/** The post in the channel after a pause: where the auction stands and when it ends. Pings nobody. */
export function resumedPost(auction: Auction): OutgoingMessage {
  const { interruption, standing, endsAt } = auction;
  const back = interruption ? `${wentBackTo(interruption)}.` : "";
  const stands = standing
    ? `It stands at **${money(auction, standing.price)}**, and <@${standing.leaderId}> leads.`
    : "Nobody leads yet.";
  const ends = endsAt ? ` It ends ${relativeTime(endsAt)}.` : "";
  return {
    content: `▶️ Bidding on ${titleOf(auction)} was paused and continues now. ${back} ${stands}${ends} Everyone whose bid was lost gets a message.`,
  };
}

/** Notifies a bidder that their accepted bid was lost. */
export function lostBidNotice(auction: Auction, bid: { readonly amount: number }): OutgoingMessage {
  const { standing, endsAt, state } = auction;
  const lost = `I'm sorry: your bid of **${money(auction, bid.amount)}** on ${titleOf(auction)} was lost through a fault on our side, so it doesn't count.`;
  if (state !== "live") return { content: `${lost} The auction is over; you owe nothing for it.` };
  const stands = standing ? `It stands at ${money(auction, standing.price)} now.` : "";
  const ends = endsAt ? ` It ends ${relativeTime(endsAt)}.` : "";
  return {
    content: `${lost} ${stands} To stay in, bid ${money(auction, leastBid(auction))} or more in <#${auction.boards[0]?.channelId}>.${ends}`,
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

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** A button that bids exactly the amount on its label. */
export function bidButtonFor(auctionId: string, currency: string, amount: number) {
  return {
    label: `Bid ${formatMoney(amount, currency)}`,
    id: bidButton.id({ auctionId, amount }),
    style: "success" as const,
  };
}

/** The post in the channels when the team has removed someone's bids. Pings nobody. */
export function bidsRemovedPost(auction: Auction, bidderId: string): OutgoingMessage {
  const { standing } = auction;
  const stands = standing
    ? `It stands at **${money(auction, standing.price)}** now, and <@${standing.leaderId}> leads.`
    : `Nobody leads now; it starts at **${money(auction, auction.startPrice)}**.`;
  return {
    content: `🧹 The team has removed all bids of <@${bidderId}> from ${titleOf(auction)}. ${stands}`,
  };
}

/** Notifies a bidder that the team has removed their bids. */
export function bidsRemovedNotice(auction: Auction, reason: string): OutgoingMessage {
  return {
    content: `The team has removed your bids from ${titleOf(auction)}: ${plain(reason, 300)}\nYou owe nothing for them.`,
  };
}

/** Notifies the bidder who leads because someone else's bids were removed. */
export function leadingAgainNotice(auction: Auction): OutgoingMessage {
  const price = auction.standing ? money(auction, auction.standing.price) : "";
  const ends = auction.endsAt ? ` It ends ${relativeTime(auction.endsAt)}.` : "";
  return {
    content: `You lead ${titleOf(auction)} at **${price}**: the team has removed the bids of someone who was ahead of you.${ends}`,
  };
}

/** Notifies a bidder who asked for it that someone else leads. */
export function outbidNotice(auction: Auction): OutgoingMessage {
  const price = auction.standing ? money(auction, auction.standing.price) : "";
  const ends = auction.endsAt ? ` It ends ${relativeTime(auction.endsAt)}.` : "";
  return {
    content: `You were outbid on ${titleOf(auction)}: it stands at ${price}.${reserveText(auction)}${ends} Bid in <#${auction.boards[0]?.channelId}>, with at least ${money(auction, leastBid(auction))}.`,
  };
}

/** Whether the reserve is met, if there is one; never its amount. */
function reserveText(auction: Auction): string {
  if (auction.reserve === 0) return "";
  return isReserveMet(auction) ? " The reserve is met." : " The reserve isn't met yet.";
}

/** Sends the Checkout link to the winner, or to the bidder who accepted an offer. */
export function wonNotice(
  auction: Auction,
  claim: Claim,
  page: { readonly url: string; readonly expiresAt: Date },
): OutgoingMessage {
  return {
    content: `🎉 Congratulations! ${titleOf(auction)} is yours for **${money(auction, claim.amount)}**. Thank you for bidding! Pay now to secure it: your link expires ${relativeTime(page.expiresAt)}, and then the next bidder gets their chance.`,
    buttons: [{ label: "Pay with Stripe", url: page.url }],
  };
}

/** Notifies a bidder who did not pay in time. */
export function tooLateToPayNotice(auction: Auction): OutgoingMessage {
  return {
    content: `⌛ Your time to pay for ${titleOf(auction)} is over, so you don't get it and owe nothing. Please bid only on what you want to buy: if you don't pay twice within 90 days, you can't bid for 90 days.`,
  };
}

/** Offers the item to a runner-up when the bidder before did not pay. */
export function secondChanceOffer(auction: Auction, claim: Claim): OutgoingMessage {
  const until = claim.offerUntil ? relativeTime(claim.offerUntil) : "soon";
  return {
    content: `🔔 A second chance: ${titleOf(auction)} can be yours for your own bid of **${money(auction, claim.amount)}**, because the bidder before you didn't pay. The offer ends ${until}. If you don't want it any more, do nothing.`,
    buttons: [acceptButtonFor(auction, claim)],
  };
}

/** The post in the channel for a bidder whose DMs are closed. */
export function claimPost(auction: Auction, claim: Claim): OutgoingMessage {
  const isOffer = claim.state === "offered";
  const button = isOffer
    ? // The label shows no amount: their own bid may have been a secret ceiling.
      { ...acceptButtonFor(auction, claim), label: "Buy it for your own bid" }
    : {
        label: "Claim it",
        id: claimButton.id({ auctionId: auction.id }),
        style: "success" as const,
      };
  const what = isOffer
    ? `has a second chance at ${titleOf(auction)}`
    : `gets ${titleOf(auction)} for ${money(auction, claim.amount)}`;
  return {
    content: `<@${claim.bidderId}> ${what}. Only they can open this:`,
    buttons: [button],
    pings: { users: [claim.bidderId] },
  };
}

/** How someone's turn to buy ended. */
export type ClosedClaim = "paid" | "accepted" | "over" | "void";

/** Replaces the message of a claim or an offer that has ended: it has no button any more. */
export function closedClaimPost(
  auction: Auction,
  bidderId: string,
  how: ClosedClaim,
): OutgoingMessage {
  const title = titleOf(auction);
  const texts: Readonly<Record<ClosedClaim, string>> = {
    paid: `✅ <@${bidderId}> has ${title}, and has paid for it.`,
    accepted: `🔔 <@${bidderId}> took the second chance at ${title}.`,
    over: `💤 <@${bidderId}> did not take ${title} in time.`,
    void: `🚫 The result of ${title} was taken back. Nobody pays.`,
  };
  return { content: texts[how] };
}

/** The same for the bidder's own DMs. */
export function closedClaimDm(auction: Auction, how: ClosedClaim): OutgoingMessage {
  const title = titleOf(auction);
  const texts: Readonly<Record<ClosedClaim, string>> = {
    paid: `✅ ${title} is yours, and paid for.`,
    accepted: `🔔 You took the second chance at ${title}.`,
    over: `💤 Your time to take ${title} is over.`,
    void: `🚫 The result of ${title} was taken back. Nobody pays.`,
  };
  return { content: texts[how] };
}

function acceptButtonFor(auction: Auction, claim: Claim) {
  return {
    label: `Buy it for ${money(auction, claim.amount)}`,
    id: acceptButton.id({ auctionId: auction.id, round: claim.round }),
    style: "success" as const,
  };
}

/** What a builder can do with an item that was not sold. */
const RUN_AGAIN =
  "Run it again on the same terms with `/c500 auction rerun`, in the channel where it should be.";

/** What a builder can do soon after an auction that was not sold for its reserve. */
const SELL_ALL_THE_SAME =
  "For half an hour you can still sell it to the highest bidder with `/c500 auction sell`. Or: ";

/** Notifies the builder that the hammer fell without a sale. */
export function unsoldNotice(auction: Auction): OutgoingMessage {
  const why = auction.standing
    ? `the highest bid, ${money(auction, auction.standing.price)}, did not meet your reserve of ${money(auction, auction.reserve)}`
    : "nobody bid";
  return {
    content: `${titleOf(auction)} was not sold: ${why}. ${auction.standing ? SELL_ALL_THE_SAME : ""}${RUN_AGAIN}`,
  };
}

/** Notifies the builder that neither the winner nor any runner-up has paid. */
export function nobodyPaidNotice(auction: Auction): OutgoingMessage {
  return {
    content: `Nobody has paid for ${titleOf(auction)}: neither the winner nor any bidder who was offered it. It is still yours. ${RUN_AGAIN}`,
  };
}

/** Notifies the builder that someone has won, but the builder's account can't take payments. */
export function unpayableNotice(auction: Auction, until: Date): OutgoingMessage {
  return {
    content: `${titleOf(auction)} is sold, but your Stripe account can't take payments at the moment, so the winner has no Checkout link. Run \`/c500 payouts\` to see what is missing. I send the link as soon as that is fixed; otherwise the sale is called off ${relativeTime(until)}.`,
  };
}

/** Notifies the winner while the builder is suspended or their account can't take payments. */
export function waitForPageNotice(auction: Auction, claim: Claim, until: Date): OutgoingMessage {
  return {
    content: `🎉 ${titleOf(auction)} is yours for **${money(auction, claim.amount)}**, and it stays yours. The builder can't take payments at the moment. I'll send you the Checkout link as soon as they can, and you'll have a day to pay. If you still have no link ${relativeTime(until)}, the sale is off and you owe nothing.`,
  };
}

/** Notifies the winner that the Checkout link could not be made in time. */
export function pageIsLateNotice(auction: Auction, claim: Claim): OutgoingMessage {
  return {
    content: `🎉 ${titleOf(auction)} is yours for **${money(auction, claim.amount)}**, and it stays yours. Stripe couldn't make your Checkout link yet; that isn't your doing. I'll send you the link as soon as it can, and you'll have a day to pay.`,
  };
}

/** Why there will be no Checkout link. */
export type NoPage = "refused" | "unpayable";

/** Notifies the winner and the builder that there is no way to pay. */
export function noPageNotices(
  auction: Auction,
  why: NoPage,
): { readonly winner: OutgoingMessage; readonly builder: OutgoingMessage } {
  const [toWinner, toBuilder] =
    why === "refused"
      ? [
          `You won ${titleOf(auction)}, but the payment can't be taken: Stripe refuses it.`,
          `Stripe refuses the payment for ${titleOf(auction)}, so nobody can pay for it.`,
        ]
      : [
          `You won ${titleOf(auction)}, but the builder could not take payments all week, so the sale is off.`,
          `You could not take payments all week, so the sale of ${titleOf(auction)} is off, and the winner has been notified.`,
        ];
  return {
    winner: {
      content: `${toWinner} That isn't your doing, and you owe nothing. The builder has been notified.`,
    },
    builder: {
      content: `${toBuilder} Check \`/c500 payouts\` first. ${RUN_AGAIN}`,
    },
  };
}

/** Replaces the board of an auction that can't be read any more. */
export const unreadableBoard: OutgoingMessage = {
  content: "🚫 This auction is cancelled. Nobody has won, and nobody pays.",
  embeds: [],
  buttons: [],
};
