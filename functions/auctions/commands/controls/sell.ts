import type { OutgoingMessage } from "../../../../shared/clients/discord.ts";
import { action, type CommandUse } from "../../../../shared/discord/command-action.ts";
import { defineCommand, type ValuesOf } from "../../../../shared/discord/define-command.ts";
import { dropHammer, sellBelowReserve } from "../../lifecycle/ending/drop-hammer.ts";
import { recordBids } from "../../lifecycle/running/record-bids.ts";
import { controlTexts } from "../../messages/controls.ts";
import { type AuctionControlDeps, ownAuction } from "../control-deps.ts";
import { auctionOption } from "../options.ts";
import { resultText } from "./hammer-result.ts";

/** For how long after the hammer the highest bidder can be sold an item below the reserve. */
const SOLD_LATER_MS = 30 * 60_000;

/** `/c500 auction sell`. */
export const sellCommand = defineCommand({
  words: "c500 auction sell",
  description: "Sell to the highest bidder now, also below the reserve",
  options: { auction: auctionOption },
  who: "owner",
  answeredBy: "auction-control",
});

/**
 * Sells to the highest bidder, even below the reserve: at once while the auction runs, and for half an hour after the
 * hammer fell below the reserve. Idempotency: a repeat finds it sold and gives the same answer.
 */
export const selling = /* @__PURE__ */ action(sellCommand, {
  run: sell,
  isBegun: async (use, { auction }, deps: Pick<AuctionControlDeps, "auctions">) =>
    (await ownAuction(use, auction, deps))?.state === "sold",
});

async function sell(
  use: CommandUse,
  options: ValuesOf<typeof sellCommand>,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  const auction = await ownAuction(use, options.auction, deps);
  if (!auction) return { content: controlTexts.notYours };
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
