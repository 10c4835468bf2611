import { action } from "../../../../shared/discord/command-action.ts";
import { defineCommand } from "../../../../shared/discord/define-command.ts";
import { auditCsv } from "../../messages/audit-csv.ts";
import { controlTexts, historyText } from "../../messages/controls.ts";
import { type AuctionControlDeps, ownAuction } from "../control-deps.ts";
import { auctionOption } from "../options.ts";

/** `/c500 auction history`. */
export const historyCommand = defineCommand({
  words: "c500 auction history",
  description: "Every bid of an auction, as a CSV file",
  options: { auction: auctionOption },
  who: "owner",
  answeredBy: "auction-control",
});

/** Answers with every accepted bid as a CSV file; amounts in minor units. Reads only. */
export const showingHistory = /* @__PURE__ */ action(
  historyCommand,
  async (use, { auction: named }, deps: Pick<AuctionControlDeps, "auctions" | "bids">) => {
    const auction = await ownAuction(use, named, deps);
    if (!auction) return { content: controlTexts.notYours };
    const bids = await deps.bids.all(auction.id);
    const bytes = Buffer.from(auditCsv(auction, bids), "utf8");
    const file = { name: `auction-${auction.id}.csv`, bytes };
    return { content: historyText(auction, bids.length), file };
  },
);
