import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { fullTime, plain } from "../../../shared/discord/theme.ts";
import { type Auction, isReserveMet, leastBid } from "../domain/auction.ts";
import { money, titleOf, wentBackTo } from "./auction-words.ts";

/** Notifies a bidder who asked for it that someone else leads. */
export function outbidNotice(auction: Auction): OutgoingMessage {
  const price = auction.standing ? money(auction, auction.standing.price) : "";
  const ends = auction.endsAt ? ` It ends ${fullTime(auction.endsAt)}.` : "";
  return {
    content: `You were outbid on ${titleOf(auction)}: it stands at ${price}.${reserveText(auction)}${ends} Bid in <#${auction.boards[0]?.channelId}>, with at least ${money(auction, leastBid(auction))}.`,
  };
}

/** Whether the reserve is met, if there is one; never its amount. */
function reserveText(auction: Auction): string {
  if (auction.reserve === 0) return "";
  return isReserveMet(auction) ? " The reserve is met." : " The reserve isn't met yet.";
}

/** The post in the channel after a pause: where the auction stands and when it ends. Pings nobody. */
export function resumedPost(auction: Auction): OutgoingMessage {
  const { interruption, standing, endsAt } = auction;
  const back = interruption ? ` ${wentBackTo(interruption)}.` : "";
  const stands = standing
    ? `It stands at **${money(auction, standing.price)}**, and <@${standing.leaderId}> leads.`
    : "Nobody leads yet.";
  const ends = endsAt ? ` It ends ${fullTime(endsAt)}.` : "";
  return {
    content: `▶️ Bidding on ${titleOf(auction)} was paused and continues now.${back} ${stands}${ends} Everyone whose bid was lost gets a message.`,
  };
}

/** Notifies a bidder that their accepted bid was lost. */
export function lostBidNotice(
  auction: Auction,
  bid: { readonly amount: number; readonly bidderId: string },
): OutgoingMessage {
  const { standing, endsAt, state } = auction;
  const lost = `I'm sorry: your bid of **${money(auction, bid.amount)}** on ${titleOf(auction)} was lost through a fault on our side, so it doesn't count.`;
  if (state !== "live")
    return { content: `${lost} The auction is over; you owe nothing for that bid.` };
  const ends = endsAt ? ` It ends ${fullTime(endsAt)}.` : "";
  if (standing?.leaderId === bid.bidderId) {
    return {
      content: `${lost} Another bid of yours counts: you lead at ${money(auction, standing.price)}.${ends}`,
    };
  }
  const stands = standing ? ` It stands at ${money(auction, standing.price)} now.` : "";
  return {
    content: `${lost}${stands} To stay in, bid ${money(auction, leastBid(auction))} or more in <#${auction.boards[0]?.channelId}>.${ends}`,
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
  const ends = auction.endsAt ? ` It ends ${fullTime(auction.endsAt)}.` : "";
  return {
    content: `You lead ${titleOf(auction)} at **${price}**: the team has removed the bids of someone who was ahead of you.${ends}`,
  };
}
