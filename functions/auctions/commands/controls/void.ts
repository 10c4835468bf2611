import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action } from "../../../../shared/discord/definitions/command-action.ts";
import {
  defineCommand,
  MAX_MONEY_COMMAND_AGE_MS,
} from "../../../../shared/discord/definitions/define-command.ts";
import type { Auction } from "../../domain/auction.ts";
import { takeBack } from "../../lifecycle/settlement/take-back.ts";
import { controlTexts, voidText } from "../../messages/controls.ts";
import type { AuctionControlDeps } from "../control-deps.ts";
import { forOwnAuction } from "../options.ts";
import { isOwnAuctionIn, onOwnAuction } from "../own-auction.ts";

/** `/c500 auction void`. */
export const voidCommand = defineCommand({
  words: "c500 auction void",
  description: "Cancel the result of an auction and refund its payment",
  ...forOwnAuction,
  // It may refund the winner. `cancel` moves no money: nobody pays before an auction is over.
  maxAgeMs: MAX_MONEY_COMMAND_AGE_MS,
});

/**
 * Voids a result. An open Checkout link ends, and a buyer who has paid is refunded in full. Crash safety: a repeat
 * or the sweeper does what is left.
 */
export const voiding = /* @__PURE__ */ action(voidCommand, {
  run: (use, { auction }, deps: AuctionControlDeps) =>
    onOwnAuction(use, auction, deps, (own) => voidResult(own, deps)),
  isBegun: (use, { auction }, deps: Pick<AuctionControlDeps, "auctions">) =>
    isOwnAuctionIn(["void"], use, auction, deps),
});

async function voidResult(auction: Auction, deps: AuctionControlDeps): Promise<OutgoingMessage> {
  if (auction.state === "planned" || auction.state === "live")
    return { content: controlTexts.notOver };
  await deps.auctionEngine.void(auction.id);
  const after = await deps.auctions.end(auction.id, "void");
  if (after?.state !== "void") return { content: controlTexts.alreadyOver };
  return { content: voidText(auction, await takeBack(after, deps)) };
}
