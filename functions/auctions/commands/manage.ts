import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import { sendDmOnce } from "../../../shared/discord/send-once.ts";
import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { endReservation } from "../../shop/checkout/end-reservation.ts";
import { refundOrder, VOIDED } from "../../shop/money/refund-order.ts";
import { closeClaimPosts } from "../boards/claim-posts.ts";
import { placeBoard } from "../boards/place-board.ts";
import { scheduleBoard } from "../boards/schedule-board.ts";
import { type Auction, auctionOrderId, isReserveMet } from "../domain/auction.ts";
import {
  auctionList,
  cancelledText,
  controlTexts,
  mayNotPostText,
  shownText,
  takenBackNotice,
  type Undone,
  voidText,
} from "../messages/auction-control.ts";
import { cancelAuction, cancelUnreadable } from "../running/cancel-auction.ts";
import { type AuctionControlDeps, freeChannel, ownAuction, ownUnreadable } from "./control-deps.ts";

/** `/c500 auction list`: the asker's own, newest first; for staff also what runs. Reads only. */
export async function list(
  { userId, isStaff }: DiscordCommand,
  { auctions }: Pick<AuctionControlDeps, "auctions">,
): Promise<OutgoingMessage> {
  const own = await auctions.ofBuilder(userId);
  const running = isStaff ? await auctions.running() : [];
  const others = running.filter(({ builderId }) => builderId !== userId);
  const broken = await auctions.unreadableOpen(isStaff ? undefined : userId);
  return auctionList(own, others, broken);
}

/** `/c500 auction show`: a board in one more channel, a partner's too, where `/bid` works the same. */
export async function show(
  command: DiscordCommand,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  const auction = await ownAuction(command, deps);
  const { channelId } = command;
  if (!auction) return { content: controlTexts.notYours };
  if (!channelId) return { content: controlTexts.noChannel };
  if (auction.state !== "live") return { content: controlTexts.notLive };
  await freeChannel(channelId, deps);
  if ((await deps.auctionEngine.showIn(channelId, auction.id)) !== auction.id) {
    return { content: controlTexts.busy };
  }
  if ((await placeBoard(auction, channelId, deps)) === "forbidden") {
    const isNew = !auction.boards.some((board) => board.channelId === channelId);
    if (isNew) await deps.auctionEngine.leave(channelId);
    return { content: mayNotPostText(channelId) };
  }
  await scheduleBoard(auction.id, deps);
  return { content: shownText(auction) };
}

/** `/c500 auction cancel`: no winner, nobody pays; also where the auction can't be read any more. */
export async function cancel(
  command: DiscordCommand,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  const broken = await ownUnreadable(command, deps);
  if (broken) {
    const isEnded = await cancelUnreadable(broken, deps);
    return { content: isEnded ? controlTexts.brokenCancelled : controlTexts.tooLateToCancel };
  }
  const auction = await ownAuction(command, deps);
  if (!auction) return { content: controlTexts.notYours };
  const isCancelled = await cancelAuction(auction, deps);
  return { content: isCancelled ? cancelledText(auction) : controlTexts.tooLateToCancel };
}

/**
 * `/c500 auction void`: the result does not count. Whoever has a page to pay on loses it, whoever has
 * paid gets everything back. Again it does what is left.
 */
export async function takeBack(
  command: DiscordCommand,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  const auction = await ownAuction(command, deps);
  if (!auction) return { content: controlTexts.notYours };
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

/** Whoever had not paid yet owes nothing any more; who paid is told of the refund. */
async function notifyTakenBack(auction: Auction, deps: AuctionControlDeps): Promise<void> {
  const { claim, standing } = auction;
  if (claim?.state === "paid" || claim?.state === "over") return;
  const order = claim && (await deps.orders.get(auctionOrderId(auction.id, claim.round)));
  if (order?.payment?.paidAt) return;
  // The board says whom it is sold to before they are asked to pay.
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
  // A bank that is still at work: what it pays in the end goes back by itself.
  await deps.reservations.giveBack(orderId, "cancelled", deps.clock.now());
  const order = await deps.orders.get(orderId);
  if (!order?.payment?.paidAt) return "unpaid";
  const wish = { id: VOIDED, orderId, amount: undefined, restock: false, isOwed: true };
  const { outcome } = await refundOrder(wish, deps);
  return outcome === "refunded" || outcome === "too-much" ? "refunded" : "not-yet";
}
