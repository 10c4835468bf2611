import type { OutgoingMessage } from "../../../../shared/clients/discord.ts";
import { action, type CommandUse } from "../../../../shared/discord/command-action.ts";
import { defineCommand, type ValuesOf } from "../../../../shared/discord/define-command.ts";
import { cancelAuction, cancelUnreadable } from "../../lifecycle/ending/cancel-auction.ts";
import { cancelledText, controlTexts } from "../../messages/controls.ts";
import { type AuctionControlDeps, ownAuction, ownUnreadable } from "../control-deps.ts";
import { auctionOption } from "../options.ts";

/** `/c500 auction cancel`. */
export const cancelCommand = defineCommand({
  words: "c500 auction cancel",
  description: "End an auction without a winner",
  options: { auction: auctionOption },
  who: "owner",
  answeredBy: "auction-control",
});

/** Ends an auction without a winner: nobody pays. Also cancels an auction whose document is invalid. */
export const cancelling = /* @__PURE__ */ action(cancelCommand, {
  run: cancel,
  isBegun: async (use, { auction }, deps: Pick<AuctionControlDeps, "auctions">) =>
    (await ownAuction(use, auction, deps))?.state === "cancelled",
});

async function cancel(
  use: CommandUse,
  options: ValuesOf<typeof cancelCommand>,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  const broken = await ownUnreadable(use, options.auction, deps);
  if (broken) {
    const isEnded = await cancelUnreadable(broken, deps);
    return { content: isEnded ? controlTexts.brokenCancelled : controlTexts.tooLateToCancel };
  }
  const auction = await ownAuction(use, options.auction, deps);
  if (!auction) return { content: controlTexts.notYours };
  const isCancelled = await cancelAuction(auction, deps);
  return { content: isCancelled ? cancelledText(auction) : controlTexts.tooLateToCancel };
}
