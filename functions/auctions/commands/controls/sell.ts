import type { OutgoingMessage } from "../../../../shared/clients/discord.ts";
import { action } from "../../../../shared/discord/definitions/command-action.ts";
import { defineCommand } from "../../../../shared/discord/definitions/define-command.ts";
import type { Auction } from "../../domain/auction.ts";
import { dropHammer, sellBelowReserve } from "../../lifecycle/ending/drop-hammer.ts";
import { recordBids } from "../../lifecycle/running/record-bids.ts";
import { controlTexts } from "../../messages/controls.ts";
import type { AuctionControlDeps } from "../control-deps.ts";
import { forOwnAuction } from "../options.ts";
import { isOwnAuctionIn, onOwnAuction } from "../own-auction.ts";
import { resultText } from "./hammer-result.ts";

/** For how long after the hammer the highest bidder can be sold an item below the reserve. */
const SOLD_LATER_MS = 30 * 60_000;

/** `/c500 auction sell`. */
export const sellCommand = defineCommand({
  words: "c500 auction sell",
  description: "Sell to the highest bidder now, also below the reserve",
  ...forOwnAuction,
});

/**
 * Sells to the highest bidder, even below the reserve: at once while the auction runs, and for half an hour after the
 * hammer fell below the reserve. Idempotency: a repeat finds it sold and gives the same answer.
 */
export const selling = /* @__PURE__ */ action(sellCommand, {
  run: (use, { auction }, deps: AuctionControlDeps) =>
    onOwnAuction(use, auction, deps, (own) => sell(own, deps)),
  isBegun: (use, { auction }, deps: Pick<AuctionControlDeps, "auctions">) =>
    isOwnAuctionIn(["sold"], use, auction, deps),
});

async function sell(auction: Auction, deps: AuctionControlDeps): Promise<OutgoingMessage> {
  if (auction.state === "live") {
    const { standing } = await recordBids(auction, deps);
    if (!standing) return { content: controlTexts.noBidYet };
    await dropHammer(auction.id, 0, deps, "sell");
  } else if (auction.state === "unsold") {
    if (!auction.standing) return { content: controlTexts.noBidYet };
    const agoMs = deps.clock.now().getTime() - (auction.endsAt?.getTime() ?? 0);
    if (agoMs > SOLD_LATER_MS || auction.rerunId) return { content: controlTexts.tooLateToSell };
    await sellBelowReserve(auction, deps);
  } else if (!auction.isReserveWaived) {
    return { content: controlTexts.notUnsold };
  }
  return { content: await resultText(auction.id, deps) };
}
