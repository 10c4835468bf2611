import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { plain, relativeTime } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import { type Auction, MAX_EXTENSION_BY_MS, MIN_EXTENSION_BY_MS } from "../domain/auction.ts";
import { durationInWords } from "../domain/auction-form.ts";
import { titleOf } from "./auction-words.ts";

/** Answers of the auction commands that need no values. */
export const controlTexts = {
  noAccount:
    "You can't be paid at the moment. Run `/c500 payouts` to connect your bank account or see what is missing, then start it again.",
  builderNotApproved:
    "Its builder isn't approved at the moment, so it can't run again. Run `/c500 builders list` to see why.",
  builderNoAccount:
    "Its builder can't be paid at the moment. Ask them to run `/c500 payouts` to see what is missing, then run the auction again.",
  builderNoTerms:
    "Its builder hasn't said where they ship. Ask them to run `/c500 shipping`, then run the auction again.",
  noChannel: "Use that in the channel where people will bid.",
  busy: "Another auction is running in this channel. Wait for its hammer, or use another channel.",
  notYours:
    "I can't find an auction of yours by that name. Pick one from the list that appears while you type. Only an auction's builder and the team can do that.",
  notOver: "That auction isn't over yet. `/c500 auction cancel` ends it without a winner.",
  notLive: "That auction isn't running, so there is nothing to show.",
  isSold:
    "That auction is sold. Take its result back first with `/c500 auction void`, then run it again.",
  alreadyOver: "That auction is already over. Run it again with `/c500 auction rerun`.",
  brokenCancelled:
    "🚫 It is cancelled, though I couldn't read its details any more. Nobody has won, and nobody pays.",
  tooLateToCancel:
    "The hammer was quicker, so there is a result. `/c500 auction void` takes it back.",
  notRunning: "That auction isn't running at the moment. Its board shows where it is.",
  noBidYet: "Nobody has bid, so there is nobody to sell it to.",
  noReserve:
    "That auction has no reserve, so it sells to the highest bidder anyway. `/c500 auction close` lets the hammer fall now.",
  reserveMet:
    "Its reserve is met, so it sells to the highest bidder anyway. `/c500 auction close` lets the hammer fall now.",
  restoring: "I'm restoring that auction right now. Try again in a few seconds.",
  tooLateToSell:
    "It's too late to sell it to the highest bidder: that works until half an hour after the hammer. `/c500 auction rerun` runs it again.",
  notUnsold:
    "That auction didn't end below its reserve, so there is nothing to sell that way. Its board shows where it is.",
  tooLateToExtend: "The hammer was quicker. `/c500 auction rerun` runs it again.",
  badExtension: `I can't read that time. Write \`by:\` like 90s, 5m or 2h, from ${durationInWords(MIN_EXTENSION_BY_MS)} to ${durationInWords(MAX_EXTENSION_BY_MS)}.`,
  tooLong: "An auction can last seven days at most, including every extension. Extend it by less.",
  noBidsOfTheirs: "They have no counting bid in that auction, so there is nothing to remove.",
  tooLateToRemove:
    "The hammer was quicker. `/c500 auction void` takes the result back, and `/c500 auction rerun` runs it again.",
  notForYou: "Only the winner can use that. The board shows who won.",
  alreadyPaid: "You've already paid for it. Thank you! `/c500 profile` shows your order.",
  offerOver: "The time to pay for it is over. The board shows what happened next.",
  processing:
    "Your bank is processing the payment. That can take a few days; it stays yours meanwhile.",
  unpayable:
    "It is yours. The builder's account can't take payments at the moment. They have been notified, and I'll send you the Checkout link as soon as it can.",
  refused:
    "Stripe refuses the payment. That isn't your doing, and you owe nothing. The builder has been notified.",
  wasVoid: "The result was taken back. Nobody pays, and everything that was paid is refunded.",
} as const;

/** The builder's answer: another channel shows the auction too. */
export function shownText(auction: Auction): string {
  return `${titleOf(auction)} is now shown here, too. \`/bid\` and the buttons work the same.`;
}

/** The builder's answer: the auction ended without a winner. */
export function cancelledText(auction: Auction): string {
  return `🚫 ${titleOf(auction)} is cancelled. Nobody has won, and nobody pays.`;
}

/** Notifies a builder that the team has ended their auction. */
export function cancelledByTeamNotice(auction: Auction, reason: string): OutgoingMessage {
  return {
    content: `🚫 The team has cancelled ${titleOf(auction)}: ${plain(reason, 500)}\nNobody has won, and nobody pays. \`/c500 auction rerun\` runs it again.`,
  };
}

/**
 * The builder's answer: they closed the auction early, or sold it. The Checkout link is sent after the answer. If the
 * command came long after the hammer, the winner may have paid, or it may have gone to somebody else or to nobody.
 */
export function closedText(auction: Auction): string {
  const { standing, state, currency, claim } = auction;
  const price = standing ? formatMoney(standing.price, currency) : "";
  if (state === "sold" && standing) {
    if (claim && (claim.round > 0 || claim.state === "over")) {
      return `🔨 The hammer has already fallen on ${titleOf(auction)}, at **${price}**. Its board shows what happened next.`;
    }
    const next =
      claim?.state === "paid" ? "They have paid." : "Next, they get the Checkout link from me.";
    return `🔨 ${titleOf(auction)} is sold for **${price}** to <@${standing.leaderId}>. ${next}`;
  }
  return standing
    ? `🔨 ${titleOf(auction)} is closed and not sold: ${price} did not meet your reserve. For half an hour after the hammer you can still sell it with \`/c500 auction sell\`.`
    : `🔨 ${titleOf(auction)} is closed. Nobody has bid.`;
}

/** The builder's answer: the auction ends later. */
export function extendedText(auction: Auction, endsAt: Date): string {
  return `⏱️ ${titleOf(auction)} now ends ${relativeTime(endsAt)}, later if someone bids at the last moment. Its board shows that in a moment.`;
}

/** The team's answer: someone's bids were removed. */
export function bidsRemovedText(auction: Auction, bidderId: string): string {
  const { standing, currency } = auction;
  const stands = standing
    ? `It stands at ${formatMoney(standing.price, currency)}, and <@${standing.leaderId}> leads.`
    : "Nobody leads now.";
  return `🧹 All bids of <@${bidderId}> in ${titleOf(auction)} are removed, and its channels show that. ${stands} \`/c500 auction bar\` keeps them from bidding again.`;
}

/** The builder's answer: the result was taken back. */
export function voidText(auction: Auction, undone: Undone): string {
  return `🚫 The result of ${titleOf(auction)} is taken back. ${undoneTexts[undone]}`;
}

/** Notifies the bidder who was asked to pay that they no longer need to. */
export function takenBackNotice(auction: Auction): OutgoingMessage {
  return {
    content: `The result of ${titleOf(auction)} was taken back. That isn't your doing, and you owe nothing.`,
  };
}

/** What happened to the money when a result was taken back. */
export type Undone = keyof typeof undoneTexts;

const undoneTexts = {
  unpaid: "Nobody pays.",
  refunded: "The buyer gets everything back.",
  disputed:
    "The buyer's bank is looking into the payment, so it can't be refunded now. Once the bank has decided, the buyer gets back what it leaves with us.",
  "not-yet":
    "The payment could not be refunded yet. The team has been notified; run `/c500 refund` to try again.",
} as const;

/** The builder's answer with the file of bids. */
export function historyText(auction: Auction, bids: number): string {
  return `Every bid on ${titleOf(auction)}, ${bids} in all. Amounts are in the smallest unit, such as cents.`;
}
