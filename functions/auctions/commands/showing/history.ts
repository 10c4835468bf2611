import { action } from "../../../../shared/discord/definitions/command-action.ts";
import { defineCommand } from "../../../../shared/discord/definitions/define-command.ts";
import { auditCsv } from "../../messages/audit-csv.ts";
import { historyText } from "../../messages/controls.ts";
import type { AuctionControlDeps } from "../control-deps.ts";
import { forOwnAuction } from "../options.ts";
import { onOwnAuction } from "../own-auction.ts";

/** `/c500 auction history`. */
export const historyCommand = defineCommand({
  words: "c500 auction history",
  description: "Every bid of an auction, as a CSV file",
  ...forOwnAuction,
});

/** Answers with every accepted bid as a CSV file; amounts in minor units. Reads only. */
export const showingHistory = /* @__PURE__ */ action(
  historyCommand,
  (use, { auction: named }, deps: Pick<AuctionControlDeps, "auctions" | "bids">) =>
    onOwnAuction(use, named, deps, async (auction) => {
      const bids = await deps.bids.all(auction.id);
      const bytes = Buffer.from(auditCsv(auction, bids), "utf8");
      const files = [{ name: `auction-${auction.id}.csv`, bytes }];
      return { content: historyText(auction, bids.length), files };
    }),
);
