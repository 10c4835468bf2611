import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { controlTexts, historyText } from "../messages/auction-control.ts";
import { auditCsv } from "../running/audit-csv.ts";
import { type AuctionControlDeps, ownAuction } from "./control-deps.ts";

/** `/c500 auction history`: every accepted bid as a CSV file; amounts in minor units. Reads only. */
export async function history(
  command: DiscordCommand,
  deps: Pick<AuctionControlDeps, "auctions" | "bids">,
): Promise<OutgoingMessage> {
  const auction = await ownAuction(command, deps);
  if (!auction) return { content: controlTexts.notYours };
  const bids = await deps.bids.all(auction.id);
  const bytes = Buffer.from(auditCsv(auction, bids), "utf8");
  const file = { name: `auction-${auction.id}.csv`, bytes };
  return { content: historyText(auction, bids.length), file };
}
