import type { APIEmbed } from "discord-api-types/v10";
import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import { colours, plain, relativeTime } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import type { Auction, OpeningProblem } from "../domain/auction.ts";
import type { UnreadableAuction } from "../store/auction-document.ts";

const titleOf = ({ title }: Auction) => `**${plain(title, 100)}**`;
const channelOf = ({ boards }: Auction) => `<#${boards[0]?.channelId}>`;

/** Answers of the auction commands that need no values. */
export const controlTexts = {
  noAccount:
    "You can't be paid at the moment: `/c500 payouts` connects your bank account, or shows what is missing. Then start it again.",
  builderNotApproved:
    "Its builder isn't approved at the moment, so it can't run again. `/c500 builders list` shows why.",
  builderNoAccount:
    "Its builder can't be paid at the moment: `/c500 payouts` shows them what is missing. Run it again after that.",
  noChannel: "Use that in the channel where people are to bid.",
  busy: "Another auction runs in this channel. Wait for its hammer, or use another channel.",
  notYours:
    "I can't find an auction of yours by that name. Its builder or the team can do that; pick one from the list that appears while you type.",
  notOver: "That auction isn't over yet. `/c500 auction cancel` ends it without a winner.",
  notLive: "That auction isn't running, so there is nothing to show.",
  isSold:
    "That auction is sold. Take its result back first with `/c500 auction void`, then run it again.",
  alreadyOver: "That auction is over already. Run it again with `/c500 auction rerun`.",
  brokenCancelled:
    "🚫 It is cancelled, though I couldn't read it any more. Nobody has won, and nobody pays.",
  tooLateToCancel:
    "The hammer was quicker, so there is a result. `/c500 auction void` takes it back.",
  notRunning: "That auction isn't running at the moment. Its board says how it is.",
  noBidYet: "Nobody has bid, so there is nobody to sell it to.",
  restoring: "I am just restoring that auction and couldn't do that. Try again in some seconds.",
  tooLateToSell:
    "It's too late to sell it to the highest bidder: that is possible until half an hour after the hammer. `/c500 auction rerun` runs it again.",
  notUnsold: "That auction didn't end below its reserve, so there is nothing to sell that way.",
  tooLateToExtend: "The hammer was quicker. `/c500 auction rerun` runs it again.",
  badExtension: "by: write it like 90s, 5m or 2h, from 10 seconds to a day.",
  tooLong: "An auction lasts seven days at the most, with all that is added. Give it less.",
  noBidsOfTheirs: "They have no bid in that auction that counts.",
  tooLateToRemove:
    "The hammer was quicker. `/c500 auction void` takes the result back, and `/c500 auction rerun` runs it again.",
  notForYou: "That's for the one who won it. The board says who that is.",
  alreadyPaid: "You've paid for it already. Thank you! `/c500 profile` shows your order.",
  offerOver: "The time to pay for it is over. The board says how it went on.",
  processing:
    "Your bank is working on the payment. That can take some days; it stays yours meanwhile.",
  unpayable:
    "It is yours. The builder's account can't take payments at the moment; I've told them, and I'll send you the page to pay on as soon as it can.",
  refused:
    "Stripe refuses the payment. That isn't your doing, and you owe nothing. I've told the builder.",
  wasVoid: "The result was taken back. Nobody pays, and what was paid goes back.",
} as const;

/** What is wrong with the terms of an auction. */
export function termsProblems(problems: readonly string[]): string {
  return `Almost! A few things need another look:\n${problems.map((line) => `• ${line}`).join("\n")}`;
}

/** The builder's answer: it runs. */
export function startedText(auction: Auction): string {
  const ends = auction.endsAt ? relativeTime(auction.endsAt) : "soon";
  return `🔨 ${titleOf(auction)} is up in ${channelOf(auction)}. The hammer falls ${ends}, later if someone bids at the last moment.`;
}

/** The builder's answer: it waits for their stream. */
export function plannedText(auction: Auction): string {
  return `🕰️ ${titleOf(auction)} opens in ${channelOf(auction)} when you go live on Twitch. \`/c500 auction cancel\` takes it back.`;
}

/** What we need in a channel. */
const PERMISSIONS =
  "**View Channel**, **Send Messages** (in a thread **Send Messages in Threads**), **Embed Links** and **Attach Files**";

/** Whoever asked: we may not post there. */
export function mayNotPostText(channelId: string): string {
  return `I may not post in <#${channelId}>, so nothing is shown there and nobody can bid there. Allow me ${PERMISSIONS} in that channel, then try again. A thread has to be open, not archived or locked; where nothing of that is missing, tell the team.`;
}

/** To the builder who went live: why their auction did not open. */
export function couldNotOpenNotice(auction: Auction, why: OpeningProblem): OutgoingMessage {
  const [reason, then] =
    why === "busy"
      ? [`another auction runs in ${channelOf(auction)}`, "when that is over"]
      : [
          `I may not post in ${channelOf(auction)}`,
          `once I am allowed ${PERMISSIONS} there, in a thread that is neither archived nor locked`,
        ];
  return {
    content: `${titleOf(auction)} could not open: ${reason}. Start it with \`/c500 auction rerun\` ${then}.`,
  };
}

/** To the builder who went live: their auction waits until they can be paid. */
export function notPayableYetNotice(auction: Auction): OutgoingMessage {
  return {
    content: `${titleOf(auction)} has not opened with your stream: your Stripe account can't take payments at the moment. Run \`/c500 payouts\` to see what is missing. It opens by itself within a quarter of an hour once that is fixed and you are live.`,
  };
}

/** The builder's answer: it is shown in one more channel. */
export function shownText(auction: Auction): string {
  return `${titleOf(auction)} is shown here, too. \`/bid\` and the buttons work the same.`;
}

/** The builder's answer: it ended without a winner. */
export function cancelledText(auction: Auction): string {
  return `🚫 ${titleOf(auction)} is cancelled. Nobody has won, and nobody pays.`;
}

/** To the builder: the team has ended their auction. */
export function cancelledByTeamNotice(auction: Auction, reason: string): OutgoingMessage {
  return {
    content: `🚫 The team has cancelled ${titleOf(auction)}: ${plain(reason, 500)}\nNobody has won, and nobody pays. \`/c500 auction rerun\` runs it again.`,
  };
}

/** The builder's answer: the hammer fell because they asked. */
export function closedText(auction: Auction): string {
  const { standing, state, currency } = auction;
  const price = standing ? formatMoney(standing.price, currency) : "";
  if (state === "sold" && standing) {
    return `🔨 ${titleOf(auction)} is sold for **${price}** to <@${standing.leaderId}>. I've sent them the Checkout link.`;
  }
  return standing
    ? `🔨 ${titleOf(auction)} is closed, and not sold: ${price} did not meet your reserve. \`/c500 auction sell\` sells it all the same for half an hour.`
    : `🔨 ${titleOf(auction)} is closed. Nobody has bid.`;
}

/** The builder's answer: it ends later. */
export function extendedText(auction: Auction, endsAt: Date): string {
  return `⏱️ ${titleOf(auction)} ends ${relativeTime(endsAt)} now, later if someone bids at the last moment. Its board says so in a moment.`;
}

/** To the team: someone's bids were taken out. */
export function bidsRemovedText(auction: Auction, bidderId: string): string {
  const { standing, currency } = auction;
  const stands = standing
    ? `It stands at ${formatMoney(standing.price, currency)}, and <@${standing.leaderId}> leads.`
    : "Nobody leads now.";
  return `🧹 All bids of <@${bidderId}> in ${titleOf(auction)} are removed; that is said in its channels. ${stands} \`/c500 auction bar\` keeps them from bidding again.`;
}

/** Whoever asked: the item runs, or ran, again already. */
export function ranAgainText(again: Auction): string {
  const { state } = again;
  const how =
    state === "planned" || state === "live"
      ? "It runs again already"
      : state === "sold"
        ? "It ran again and is sold"
        : "It ran again already, and that ended";
  return `${how}, in ${channelOf(again)}. Pick the newest one from the list to go on from there.`;
}

/** The builder's answer: the result does not count. */
export function voidText(auction: Auction, undone: Undone): string {
  return `🚫 The result of ${titleOf(auction)} is taken back. ${undoneTexts[undone]}`;
}

/** To whoever was to pay: they need not any more. */
export function takenBackNotice(auction: Auction): OutgoingMessage {
  return {
    content: `The result of ${titleOf(auction)} was taken back. That isn't your doing, and you owe nothing.`,
  };
}

/** What became of the money of a result that was taken back. */
export type Undone = keyof typeof undoneTexts;

const undoneTexts = {
  unpaid: "Nobody pays.",
  refunded: "Whoever paid gets everything back.",
  "not-yet":
    "What was paid could not be given back yet. The team is told, and `/c500 refund` tries again.",
} as const;

/** The builder's answer with the file of bids. */
export function historyText(auction: Auction, bids: number): string {
  return `Every bid of ${titleOf(auction)}, ${bids} in all. Amounts are in the smallest unit, such as cents.`;
}

/**
 * How much of a list is shown: a builder's own, and to staff the others'. Together they stay below what
 * the embeds of a message hold, and each below what one description does.
 * https://discord.com/developers/docs/resources/message#embed-object-embed-limits
 */
const OWN_LIST = { title: "Your auctions", more: "… and older ones", lines: 15, characters: 3500 };
const UNREADABLE_LIST = {
  ...{ title: "Auctions I can't read any more", more: "… and others" },
  ...{ lines: 5, characters: 1000 },
};
const OTHERS_LIST = {
  ...{ title: "Other builders' auctions that run", more: "… and others that end later" },
  ...{ lines: 10, characters: 2200 },
};

/** `/c500 auction list`: the asker's own; for staff also others', with the ids that commands take. */
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

/** As many whole lines as there is room for, and a word where that is not all. */
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
