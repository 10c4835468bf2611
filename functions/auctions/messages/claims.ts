import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { fullTime } from "../../../shared/discord/theme.ts";
import { acceptButton, claimButton } from "../commands/buttons.ts";
import type { Auction, Claim } from "../domain/auction.ts";
import { BAR_DAYS } from "../domain/bidding-bar.ts";
import { money, titleOf } from "./auction-words.ts";

/** Sends the Checkout link to the winner, or to the bidder who accepted an offer. */
export function wonNotice(
  auction: Auction,
  claim: Claim,
  checkout: { readonly url: string; readonly expiresAt: Date },
): OutgoingMessage {
  return {
    content: `🎉 Congratulations! ${titleOf(auction)} is yours for **${money(auction, claim.amount)}**. Thank you for bidding! Pay now to secure it: your link expires ${fullTime(checkout.expiresAt)}, and then the next bidder may get their chance.`,
    buttons: [{ label: "Pay with Stripe", url: checkout.url }],
  };
}

/** Notifies a bidder who did not pay in time. */
export function tooLateToPayNotice(auction: Auction): OutgoingMessage {
  return {
    content: `⌛ Your time to pay for ${titleOf(auction)} is over, so you don't get it and owe nothing. Please bid only on what you want to buy: if you don't pay twice within ${BAR_DAYS} days, you can't bid for ${BAR_DAYS} days.`,
  };
}

/** Offers the item to a runner-up when the bidder before did not pay. */
export function secondChanceOffer(auction: Auction, claim: Claim): OutgoingMessage {
  const until = claim.offerUntil ? fullTime(claim.offerUntil) : "soon";
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
