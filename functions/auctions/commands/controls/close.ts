import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action } from "../../../../shared/discord/definitions/command-action.ts";
import { defineCommand } from "../../../../shared/discord/definitions/define-command.ts";
import type { Auction } from "../../domain/auction.ts";
import { dropHammer } from "../../lifecycle/ending/drop-hammer.ts";
import type { AuctionControlDeps } from "../control-deps.ts";
import { forOwnAuction } from "../options.ts";
import { hasBegunToEnd, onOwnAuction } from "../own-auction.ts";
import { resultText } from "./hammer-result.ts";

/** `/c500 auction close`. */
export const closeCommand = defineCommand({
  words: "c500 auction close",
  description: "Let the hammer fall now",
  ...forOwnAuction,
});

/**
 * Closes an auction now. Idempotency: a repeat finds it closed and gives the same answer. Crash safety: a repeat, or the
 * sweeper, books a result that only Redis has.
 */
export const closing = /* @__PURE__ */ action(closeCommand, {
  run: (use, { auction }, deps: AuctionControlDeps) =>
    onOwnAuction(use, auction, deps, (own) => closeNow(own, deps)),
  isBegun: (use, { auction }, deps: Pick<AuctionControlDeps, "auctions" | "auctionEngine">) =>
    hasBegunToEnd(use, auction, deps, ["sold", "unsold"], ({ status }) => status === "closed"),
});

async function closeNow(auction: Auction, deps: AuctionControlDeps): Promise<OutgoingMessage> {
  if (auction.state === "live") await dropHammer(auction.id, 0, deps, "now");
  return { content: await resultText(auction.id, deps) };
}
