import { action } from "../../../../shared/discord/definitions/command-action.ts";
import { defineCommand } from "../../../../shared/discord/definitions/define-command.ts";
import { auctionList } from "../../messages/auction-list.ts";
import type { AuctionControlDeps } from "../control-deps.ts";

/** `/c500 auction list`. */
export const listCommand = defineCommand({
  words: "c500 auction list",
  description: "Your auctions",
  options: {},
  who: "everyone",
  answeredBy: "auction-control",
});

/** Lists the user's own auctions, newest first, and for staff also the running ones. Reads only. */
export const listing = /* @__PURE__ */ action(
  listCommand,
  async ({ userId, isStaff }, _values, { auctions }: Pick<AuctionControlDeps, "auctions">) => {
    const own = await auctions.ofBuilder(userId);
    const running = isStaff ? await auctions.running() : [];
    const others = running.filter(({ builderId }) => builderId !== userId);
    const broken = await auctions.unreadableOpen(isStaff ? undefined : userId);
    return auctionList(own, others, broken);
  },
);
