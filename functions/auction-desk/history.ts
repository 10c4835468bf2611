import type { OutgoingMessage } from "../../shared/clients/discord.ts";
import type { DiscordCommand } from "../../shared/events/discord-command.ts";
import { deskTexts, historyText } from "../../shared/messages/auction-desk.ts";
import type { RecordedBid } from "../../shared/store/bids.ts";
import { type DeskDeps, ownAuction } from "./desk-deps.ts";

const COLUMNS = [
  "sequence",
  "at",
  "kind",
  "bidder",
  "amount",
  "max",
  "price after",
  "leader after",
  "ends at after",
  "bid id",
] as const;

/** `/c500 auction history`: every accepted bid as a CSV file; amounts in minor units. Reads only. */
export async function history(
  command: DiscordCommand,
  deps: Pick<DeskDeps, "auctions" | "bids">,
): Promise<OutgoingMessage> {
  const auction = await ownAuction(command, deps);
  if (!auction) return { content: deskTexts.notYours };
  const bids = await deps.bids.all(auction.id);
  // Of a running auction the others' ceilings are nobody's business, the builder's least of all.
  const showsCeilings = auction.state !== "live";
  const rows = bids.map((bid) => rowOf(bid, showsCeilings));
  const csv = [COLUMNS.join(","), ...rows].map((line) => `${line}\r\n`).join("");
  const file = { name: `auction-${auction.id}.csv`, bytes: Buffer.from(csv, "utf8") };
  return { content: historyText(auction, bids.length), file };
}

/** Ids, numbers and times only: nothing in it needs quoting. */
function rowOf(bid: RecordedBid, showsCeilings: boolean): string {
  return [
    ...[bid.sequence, bid.at.toISOString(), bid.kind, bid.bidderId],
    ...[showsCeilings || bid.kind === "bid" ? bid.amount : ""],
    ...[showsCeilings ? (bid.max ?? "") : "", bid.price, bid.leaderId],
    ...[bid.endsAt.toISOString(), bid.bidId],
  ].join(",");
}
