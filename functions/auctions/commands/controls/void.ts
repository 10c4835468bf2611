import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action } from "../../../../shared/discord/definitions/command-action.ts";
import {
  defineCommand,
  MAX_MONEY_COMMAND_AGE_MS,
} from "../../../../shared/discord/definitions/define-command.ts";
import { sendDmOnce } from "../../../../shared/discord/sending/send-once.ts";
import { endReservation } from "../../../shop/checkout/end-reservation.ts";
import { refundOrder, VOIDED } from "../../../shop/money/refund-order.ts";
import { closeClaimPosts } from "../../boards/claim-posts.ts";
import { scheduleBoard } from "../../boards/schedule-board.ts";
import { type Auction, auctionOrderId, isReserveMet } from "../../domain/auction.ts";
import { controlTexts, takenBackNotice, type Undone, voidText } from "../../messages/controls.ts";
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
 * does what is left.
 */
export const voiding = /* @__PURE__ */ action(voidCommand, {
  run: (use, { auction }, deps: AuctionControlDeps) =>
    onOwnAuction(use, auction, deps, (own) => takeBack(own, deps)),
  isBegun: (use, { auction }, deps: Pick<AuctionControlDeps, "auctions">) =>
    isOwnAuctionIn(["void"], use, auction, deps),
});

async function takeBack(auction: Auction, deps: AuctionControlDeps): Promise<OutgoingMessage> {
  if (auction.state === "planned" || auction.state === "live")
    return { content: controlTexts.notOver };
  await deps.auctionEngine.void(auction.id);
  const after = await deps.auctions.end(auction.id, "void");
  if (after?.state !== "void") return { content: controlTexts.alreadyOver };
  const undone = await undo(after, deps);
  await closeClaimPosts(after, deps);
  await notifyTakenBack(after, deps);
  await scheduleBoard(auction.id, deps);
  return { content: voidText(auction, undone) };
}

/** Notifies a winner who has not paid. A refund notifies one who has. */
async function notifyTakenBack(auction: Auction, deps: AuctionControlDeps): Promise<void> {
  const { claim, standing } = auction;
  if (claim?.state === "paid" || claim?.state === "over") return;
  const order = claim && (await deps.orders.get(auctionOrderId(auction.id, claim.round)));
  if (order?.payment?.paidAt) return;
  // The board names the winner before there is a claim.
  const leaderId = isReserveMet(auction) ? standing?.leaderId : undefined;
  const bidderId = claim?.bidderId ?? leaderId;
  if (!bidderId) return;
  const notice = takenBackNotice(auction);
  await sendDmOnce(`auction-void:${auction.id}`, bidderId, notice, deps);
}

async function undo(auction: Auction, deps: AuctionControlDeps): Promise<Undone> {
  if (!auction.claim) return "unpaid";
  const orderId = auctionOrderId(auction.id, auction.claim.round);
  await endReservation(orderId, "cancelled", deps);
  // If a bank transfer is still pending, its money is refunded automatically when it arrives.
  await deps.reservations.giveBack(orderId, "cancelled", deps.clock.now());
  const order = await deps.orders.get(orderId);
  if (!order?.payment?.paidAt) return "unpaid";
  const request = { id: VOIDED, orderId, amount: undefined, restock: false, isOwed: true };
  const { outcome } = await refundOrder(request, deps);
  return outcome === "refunded" || outcome === "too-much" ? "refunded" : "not-yet";
}
