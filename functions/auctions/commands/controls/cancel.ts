import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import { defineCommand } from "../../../../shared/discord/definitions/define-command.ts";
import { cancelAuction, cancelUnreadable } from "../../lifecycle/ending/cancel-auction.ts";
import { cancelledText, controlTexts } from "../../messages/controls.ts";
import type { AuctionControlDeps } from "../control-deps.ts";
import { forOwnAuction } from "../options.ts";
import { hasBegunToEnd, onOwnAuction, ownUnreadable } from "../own-auction.ts";

/** `/c500 auction cancel`. */
export const cancelCommand = defineCommand({
  words: "c500 auction cancel",
  description: "End an auction without a winner",
  ...forOwnAuction,
});

/** Ends an auction without a winner: nobody pays. Also cancels an auction whose document is invalid. */
export const cancelling = /* @__PURE__ */ action(cancelCommand, {
  run: (use, { auction }, deps: AuctionControlDeps) => cancel(use, auction, deps),
  isBegun: (use, { auction }, deps: Pick<AuctionControlDeps, "auctions" | "auctionEngine">) =>
    hasBegunToEnd(use, auction, deps, ["cancelled"], ({ status }) => status === "cancelled"),
});

async function cancel(
  use: CommandUse,
  named: string,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  const broken = await ownUnreadable(use, named, deps);
  if (broken) {
    const isEnded = await cancelUnreadable(broken, deps);
    return { content: isEnded ? controlTexts.brokenCancelled : controlTexts.tooLateToCancel };
  }
  return onOwnAuction(use, named, deps, async (auction) => {
    if (auction.state === "void") return { content: controlTexts.alreadyOver };
    const isCancelled = await cancelAuction(auction, deps);
    return { content: isCancelled ? cancelledText(auction) : controlTexts.tooLateToCancel };
  });
}
