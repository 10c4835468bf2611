import type { APIEmbed } from "discord-api-types/v10";
import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { colours, plain, relativeTime } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import type { Auction } from "../domain/auction.ts";
import type { UnreadableAuction } from "../store/auction-document.ts";
import { counted, titleOf } from "./auction-words.ts";

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
  return `${titleOf(auction)} · ${auction.state}${ends} · ${price} · ${counted(auction.standing?.bids ?? 0, "bid")}`;
}
