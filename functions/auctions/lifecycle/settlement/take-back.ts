import { type SendDeps, sendDmOnce } from "../../../../shared/discord/sending/send-once.ts";
import { endReservation } from "../../../shop/checkout/end-reservation.ts";
import type { SettleDeps } from "../../../shop/checkout/settle-checkout.ts";
import { refundOrder, VOIDED } from "../../../shop/money/refund-order.ts";
import { closeClaimPosts } from "../../boards/claim-posts.ts";
import { type ScheduleAuctionBoardDeps, scheduleBoard } from "../../boards/schedule-board.ts";
import type { Deps } from "../../deps.ts";
import { type Auction, auctionOrderId, isReserveMet } from "../../domain/auction.ts";
import { takenBackNotice, type Undone } from "../../messages/controls.ts";

/** The dependencies of taking back a result. */
export type TakeBackDeps = SendDeps &
  SettleDeps &
  ScheduleAuctionBoardDeps &
  Pick<Deps, "auctions" | "users">;

/**
 * Does what follows once an auction is recorded as void: an open Checkout link ends, a buyer who has paid is refunded in
 * full, buttons are removed, and a winner who has not paid is notified. While a bank disputes the payment, nothing can
 * be refunded: the sweeper refunds what the bank leaves.
 *
 * Idempotency: each step is recorded. Crash safety: that all is done is recorded last, and until then the sweeper does
 * what is left. No redelivery of the command may come: while a run stood still before it voided the auction, another may
 * have refused the command as too old, and acknowledged its message.
 */
export async function takeBack(auction: Auction, deps: TakeBackDeps): Promise<Undone> {
  const undone = await undo(auction, deps);
  await closeClaimPosts(auction, deps);
  await notifyTakenBack(auction, deps);
  await scheduleBoard(auction.id, deps);
  if (undone !== "disputed") await deps.auctions.takenBack(auction.id);
  return undone;
}

/** Notifies a winner who has not paid. A refund notifies one who has. */
async function notifyTakenBack(auction: Auction, deps: TakeBackDeps): Promise<void> {
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

async function undo(auction: Auction, deps: TakeBackDeps): Promise<Undone> {
  if (!auction.claim) return "unpaid";
  const orderId = auctionOrderId(auction.id, auction.claim.round);
  await endReservation(orderId, "cancelled", deps);
  // If a bank transfer is still pending, its money is refunded automatically when it arrives.
  await deps.reservations.giveBack(orderId, "cancelled", deps.clock.now());
  const order = await deps.orders.get(orderId);
  if (!order?.payment?.paidAt) return "unpaid";
  const request = { id: VOIDED, orderId, amount: undefined, restock: false };
  const { outcome } = await refundOrder({ ...request, isOwed: true, isAskedAgain: true }, deps);
  if (outcome === "disputed") return outcome;
  return outcome === "refunded" || outcome === "too-much" ? "refunded" : "not-yet";
}
