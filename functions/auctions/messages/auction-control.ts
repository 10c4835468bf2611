import type { APIEmbed } from "discord-api-types/v10";
import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import { colours, plain, relativeTime } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import {
  type Auction,
  MAX_EXTENSION_BY_MS,
  MIN_EXTENSION_BY_MS,
  type OpeningProblem,
} from "../domain/auction.ts";
import { durationInWords } from "../domain/auction-form.ts";
import type { UnreadableAuction } from "../store/auction-document.ts";

const titleOf = ({ title }: Auction) => `**${plain(title, 100)}**`;
const channelOf = ({ boards }: Auction) => `<#${boards[0]?.channelId}>`;

/** Answers of the auction commands that need no values. */
export const controlTexts = {
  noAccount:
    "You can't be paid at the moment. Run `/c500 payouts` to connect your bank account or see what is missing, then start it again.",
  builderNotApproved:
    "Its builder isn't approved at the moment, so it can't run again. Run `/c500 builders list` to see why.",
  builderNoAccount:
    "Its builder can't be paid at the moment. Ask them to run `/c500 payouts` to see what is missing, then run the auction again.",
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

/** What is wrong with the terms of an auction. */
export function termsProblems(problems: readonly string[]): string {
  return `Almost! A few things need another look:\n${problems.map((line) => `• ${line}`).join("\n")}`;
}

/** The builder's answer: the auction runs. */
export function startedText(auction: Auction): string {
  const ends = auction.endsAt ? relativeTime(auction.endsAt) : "soon";
  return `🔨 ${titleOf(auction)} is up in ${channelOf(auction)}. The hammer falls ${ends}, later if someone bids at the last moment. Good luck!`;
}

/** The builder's answer: the auction waits for their stream. */
export function plannedText(auction: Auction): string {
  return `🕰️ ${titleOf(auction)} opens in ${channelOf(auction)} when you go live on Twitch. \`/c500 auction cancel\` takes it back.`;
}

/** The permissions that the bot needs in a channel. */
const PERMISSIONS =
  "**View Channel**, **Send Messages** (in a thread **Send Messages in Threads**), **Embed Links** and **Attach Files**";

/** The answer when the bot may not post in the channel. */
export function mayNotPostText(channelId: string): string {
  return `I can't post in <#${channelId}>, so nobody could see the auction or bid there. Allow me ${PERMISSIONS} in that channel, then try again. A thread has to be open, not archived or locked. If nothing is missing, ask the team for help.`;
}

/** Notifies a builder who went live why their auction did not open. */
export function couldNotOpenNotice(auction: Auction, why: OpeningProblem): OutgoingMessage {
  const [reason, then] =
    why === "busy"
      ? [`another auction is running in ${channelOf(auction)}`, "when that one is over"]
      : [
          `I can't post in ${channelOf(auction)}`,
          `once I have ${PERMISSIONS} there; a thread must be neither archived nor locked`,
        ];
  return {
    content: `${titleOf(auction)} could not open: ${reason}. Start it with \`/c500 auction rerun\` ${then}.`,
  };
}

/** Notifies a builder who went live that their auction waits until they can be paid. */
export function notPayableYetNotice(auction: Auction): OutgoingMessage {
  return {
    content: `${titleOf(auction)} has not opened with your stream: your Stripe account can't take payments at the moment. Run \`/c500 payouts\` to see what is missing. Once that is fixed and you are live, it opens by itself within 15 minutes.`,
  };
}

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

/** The builder's answer: they closed the auction early. */
export function closedText(auction: Auction): string {
  const { standing, state, currency } = auction;
  const price = standing ? formatMoney(standing.price, currency) : "";
  if (state === "sold" && standing) {
    return `🔨 ${titleOf(auction)} is sold for **${price}** to <@${standing.leaderId}>. I've sent them the Checkout link.`;
  }
  return standing
    ? `🔨 ${titleOf(auction)} is closed and not sold: ${price} did not meet your reserve. For half an hour you can still sell it with \`/c500 auction sell\`.`
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

/** The answer when someone has already run the item again. */
export function ranAgainText(again: Auction): string {
  const { state } = again;
  const how =
    state === "planned" || state === "live"
      ? "It is already running again"
      : state === "sold"
        ? "It ran again and is sold"
        : "It already ran again, and that auction is over";
  return `${how}, in ${channelOf(again)}. Pick the newest one from the list to continue from there.`;
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
  "not-yet":
    "The payment could not be refunded yet. The team has been notified; run `/c500 refund` to try again.",
} as const;

/** The builder's answer with the file of bids. */
export function historyText(auction: Auction, bids: number): string {
  return `Every bid on ${titleOf(auction)}, ${bids} in all. Amounts are in the smallest unit, such as cents.`;
}

/**
 * Limits of the lists: a builder's own auctions and, for staff, other builders'. Together they stay below
 * Discord's limit on all embeds of a message, and each below the limit on one description.
 * https://discord.com/developers/docs/resources/message#embed-object-embed-limits
 */
const OWN_LIST = { title: "Your auctions", more: "… and older ones", lines: 15, characters: 3500 };
const UNREADABLE_LIST = {
  title: "Auctions I can't read any more",
  more: "… and others",
  lines: 5,
  characters: 1000,
};
const OTHERS_LIST = {
  title: "Other builders' running auctions",
  more: "… and others that end later",
  lines: 10,
  characters: 2200,
};

/** The answer to `/c500 auction list`: the user's own auctions and, for staff, also others' with their ids. */
export function auctionList(
  own: readonly Auction[],
  others: readonly Auction[],
  unreadable: readonly Pick<UnreadableAuction, "id" | "title">[],
): OutgoingMessage {
  if (own.length + others.length + unreadable.length === 0) {
    return { content: "You have no auctions yet. Start one with `/c500 auction start`." };
  }
  const ofOthers = others.map(
    (auction) => `${listed(auction)} · <@${auction.builderId}> · \`${auction.id}\``,
  );
  return {
    embeds: [
      ...listEmbed(UNREADABLE_LIST, unreadable.map(brokenText)),
      ...listEmbed(OWN_LIST, own.map(listed)),
      ...listEmbed(OTHERS_LIST, ofOthers),
    ],
  };
}

function brokenText({ id, title }: Pick<UnreadableAuction, "id" | "title">): string {
  return `**${plain(title ?? "Untitled", 100)}** · \`${id}\`: \`/c500 auction cancel\` ends it`;
}

/** As many whole lines as fit, then a note if some are left out. */
function listEmbed(list: typeof OWN_LIST, lines: readonly string[]): APIEmbed[] {
  if (lines.length === 0) return [];
  const kept: string[] = [];
  let left = list.characters;
  for (const line of lines.slice(0, list.lines)) {
    left -= line.length + 1;
    if (left < 0) break;
    kept.push(line);
  }
  const shown = kept.length < lines.length ? [...kept, list.more] : kept;
  return [{ title: list.title, color: colours.lavender, description: shown.join("\n") }];
}

function listed(auction: Auction): string {
  const price = formatMoney(auction.standing?.price ?? auction.startPrice, auction.currency);
  const isRunning = auction.state === "live" && auction.endsAt;
  const ends = isRunning ? `, ends ${relativeTime(isRunning)}` : "";
  return `${titleOf(auction)} · ${auction.state}${ends} · ${price} · ${auction.standing?.bids ?? 0} bids`;
}
