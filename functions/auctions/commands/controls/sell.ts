import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action } from "../../../../shared/discord/definitions/command-action.ts";
import { defineCommand } from "../../../../shared/discord/definitions/define-command.ts";
import { type Auction, isReserveMet } from "../../domain/auction.ts";
import type { EngineEnding } from "../../engine/read.ts";
import { dropHammer, sellBelowReserve } from "../../lifecycle/ending/drop-hammer.ts";
import { recordBids } from "../../lifecycle/running/record-bids.ts";
import { controlTexts } from "../../messages/controls.ts";
import { ranAgainText } from "../../messages/opening.ts";
import type { AuctionControlDeps } from "../control-deps.ts";
import { forOwnAuction } from "../options.ts";
import { hasBegunToEnd, onOwnAuction } from "../own-auction.ts";
import { resultText } from "./hammer-result.ts";

/** For how long after the hammer the highest bidder can be sold an item below the reserve. */
const SOLD_LATER_MS = 30 * 60_000;

/** `/c500 auction sell`. */
export const sellCommand = defineCommand({
  words: "c500 auction sell",
  description: "Sell to the highest bidder now, below the reserve",
  ...forOwnAuction,
});

/**
 * Sells to the highest bidder below the reserve: at once while the auction runs, and for half an hour after the hammer
 * fell. Changes nothing if the highest bid meets the reserve, or nobody has bid. Idempotency: a repeat finds it sold
 * and gives the same answer. Crash safety: a repeat, or the sweeper, books a sale that only Redis has.
 */
export const selling = /* @__PURE__ */ action(sellCommand, {
  run: (use, { auction }, deps: AuctionControlDeps) =>
    onOwnAuction(use, auction, deps, (own) => sell(own, deps)),
  isBegun: (use, { auction }, deps: Pick<AuctionControlDeps, "auctions" | "auctionEngine">) =>
    hasBegunToEnd(use, auction, deps, ["sold"], isSale),
});

/** Whether a sale below the reserve has closed an auction; a hammer that falls by itself leaves the reserve. */
function isSale({ status, hasReserve }: EngineEnding, { reserve }: Auction): boolean {
  return status === "closed" && !hasReserve && reserve > 0;
}

async function sell(auction: Auction, deps: AuctionControlDeps): Promise<OutgoingMessage> {
  if (auction.state === "live") return sellNow(auction, deps);
  if (auction.state === "unsold") {
    if (!auction.standing) return { content: controlTexts.noBidYet };
    const rerun = auction.rerunId && (await deps.auctions.get(auction.rerunId));
    if (rerun) return { content: ranAgainText(rerun) };
    const agoMs = deps.clock.now().getTime() - (auction.endsAt?.getTime() ?? 0);
    if (agoMs > SOLD_LATER_MS) return { content: controlTexts.tooLateToSell };
    await sellBelowReserve(auction, deps);
  } else if (!auction.isReserveWaived) {
    return { content: controlTexts.notUnsold };
  }
  return { content: await resultText(auction.id, deps) };
}

async function sellNow(before: Auction, deps: AuctionControlDeps): Promise<OutgoingMessage> {
  const refusal = refusalOf(await recordBids(before, deps));
  if (refusal) return { content: refusal };
  await dropHammer(before.id, 0, deps, "sell");
  const after = await deps.auctions.get(before.id);
  // If a bid has met the reserve meanwhile, Redis has left the auction open.
  const lateRefusal = after?.state === "live" && refusalOf(await recordBids(after, deps));
  return { content: lateRefusal || (await resultText(before.id, deps)) };
}

/** Why a running auction is not sold below its reserve; undefined if it can be, or is over by now. */
function refusalOf(auction: Auction): string | undefined {
  if (auction.state !== "live") return undefined;
  if (!auction.standing) return controlTexts.noBidYet;
  if (auction.reserve === 0) return controlTexts.noReserve;
  return isReserveMet(auction) ? controlTexts.reserveMet : undefined;
}
