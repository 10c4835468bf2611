import { DiscordError, type OutgoingMessage } from "../../../shared/clients/discord.ts";
import { sendDmOnce, sendOnce } from "../../../shared/discord/send-once.ts";
import { readSnowflake } from "../../../shared/documents/outside-id.ts";
import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { scheduleBoard } from "../boards/schedule-board.ts";
import {
  type Auction,
  MAX_DURATION_MS,
  MAX_EXTENSION_BY_MS,
  MIN_EXTENSION_BY_MS,
} from "../domain/auction.ts";
import { parseDuration } from "../domain/auction-form.ts";
import {
  bidsRemovedText,
  closedText,
  controlTexts,
  extendedText,
} from "../messages/auction-control.ts";
import { bidsRemovedNotice, bidsRemovedPost, leadingAgainNotice } from "../messages/auctions.ts";
import { dropHammer, sellBelowReserve } from "../running/drop-hammer.ts";
import { recordBids } from "../running/record-bids.ts";
import { scheduleHammer } from "../running/schedule-hammer.ts";
import { type AuctionControlDeps, ownAuction } from "./control-deps.ts";

/** After the hammer its highest bidder can be sold an item below the reserve for so long. */
const SOLD_LATER_MS = 30 * 60_000;

/** `/c500 auction close`: the hammer falls now. Idempotency: a repeat finds it fallen and says the same. */
export async function closeNow(
  command: DiscordCommand,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  const auction = await ownAuction(command, deps);
  if (!auction) return { content: controlTexts.notYours };
  if (auction.state === "live") await dropHammer(auction.id, 0, deps, "now");
  return { content: await resultText(auction.id, deps) };
}

/**
 * `/c500 auction sell`: to the highest bidder, also below the reserve: now where it runs, and for half an hour
 * after a hammer that fell below the reserve. Idempotency: a repeat finds it sold and says the same.
 */
export async function sell(
  command: DiscordCommand,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  const auction = await ownAuction(command, deps);
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

/** What came of the hammer; that it goes on where Redis had lost it at this very moment. */
async function resultText(
  id: string,
  { auctions }: Pick<AuctionControlDeps, "auctions">,
): Promise<string> {
  const after = await auctions.get(id);
  if (after?.state === "sold" || after?.state === "unsold") return closedText(after);
  return after?.state === "live" ? controlTexts.restoring : controlTexts.notRunning;
}

/**
 * `/c500 auction extend`: bidders have more time. Idempotency: the command's id names the extension, so a repeat
 * moves nothing and says the same. Crash safety: a repeat records and schedules the end that Redis has.
 */
export async function extend(
  command: DiscordCommand,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  const auction = await ownAuction(command, deps);
  if (!auction) return { content: controlTexts.notYours };
  const byMs = parseDuration(String(command.options["by"] ?? ""));
  if (byMs === undefined || byMs < MIN_EXTENSION_BY_MS || byMs > MAX_EXTENSION_BY_MS) {
    return { content: controlTexts.badExtension };
  }
  const { id, state, openedAt, endsAt } = auction;
  if (!openedAt || !endsAt) return { content: controlTexts.notRunning };
  if (!(await deps.auctionEngine.extendedTo(id, command.id))) {
    if (state !== "live") return { content: controlTexts.notRunning };
    const isTooLong = endsAt.getTime() + byMs - openedAt.getTime() > MAX_DURATION_MS;
    if (isTooLong) return { content: controlTexts.tooLong };
  }
  const extension = { operationId: command.id, auctionId: id, byMs, atLeast: endsAt };
  const result = await deps.auctionEngine.extend(extension);
  if (result === "missing") {
    await scheduleBoard(id, deps);
    return { content: controlTexts.restoring };
  }
  if (!(result instanceof Date)) return { content: controlTexts.tooLateToExtend };
  await deps.auctions.prolong(id, result);
  await scheduleHammer({ id, endsAt: result }, deps);
  await scheduleBoard(id, deps);
  return { content: extendedText(auction, result) };
}

/** Whether an earlier delivery has moved the end. */
export async function isExtended(
  command: DiscordCommand,
  deps: AuctionControlDeps,
): Promise<boolean> {
  const auction = await ownAuction(command, deps);
  if (!auction) return false;
  return (await deps.auctionEngine.extendedTo(auction.id, command.id)) !== undefined;
}

/** Whether an earlier delivery has taken the bids out, so that everyone is still to be notified. */
export async function isRemoved(
  command: DiscordCommand,
  deps: AuctionControlDeps,
): Promise<boolean> {
  const auction = await ownAuction(command, deps);
  if (!auction) return false;
  if (await deps.auctionEngine.hasRemoved(auction.id, command.id)) return true;
  return (await deps.bids.leadersAround(auction.id, command.id)) !== undefined;
}

/**
 * `/c500 auction remove-bids`: all bids of one bidder are taken out, and the standing follows from the others'.
 * It is said in the channels, to the bidder, and to whoever leads because of it. Idempotency: the command's id
 * names the removal, and each message is sent once.
 */
export async function removeBids(
  command: DiscordCommand,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  const before = await ownAuction(command, deps);
  if (!before) return { content: controlTexts.notYours };
  const bidderId = readSnowflake(command.options["bidder"]);
  if (!bidderId) return { content: controlTexts.noBidsOfTheirs };
  const { id: auctionId, startPrice } = before;
  const removal = { operationId: command.id, auctionId, bidderId, startPrice };
  const outcome = await deps.auctionEngine.remove(removal);
  switch (outcome) {
    case "none":
      return { content: controlTexts.noBidsOfTheirs };
    case "closed":
      return { content: controlTexts.tooLateToRemove };
    case "cancelled":
    case "void":
      return { content: controlTexts.notRunning };
    case "missing":
    case "torn":
      await scheduleBoard(auctionId, deps);
      return {
        content: before.state === "live" ? controlTexts.restoring : controlTexts.notRunning,
      };
    case "removed": {
      const auction = await recordBids(before, deps);
      await scheduleBoard(auctionId, deps);
      const reason = String(command.options["reason"] ?? "");
      await sayRemoved(auction, { id: command.id, bidderId, reason }, deps);
      return { content: bidsRemovedText(auction, bidderId) };
    }
  }
}

async function sayRemoved(
  auction: Auction,
  removal: {
    readonly id: string;
    readonly bidderId: string;
    readonly reason: string;
  },
  deps: AuctionControlDeps,
): Promise<void> {
  const { id, bidderId, reason } = removal;
  const post = bidsRemovedPost(auction, bidderId);
  for (const { channelId } of auction.boards) {
    try {
      await sendOnce(`bids-removed:${id}:${channelId}`, async () => channelId, post, deps);
    } catch (error) {
      if (!(error instanceof DiscordError && error.isTerminal)) throw error;
    }
  }
  await sendDmOnce(`bids-removed:${id}`, bidderId, bidsRemovedNotice(auction, reason), deps);
  const leaders = await deps.bids.leadersAround(auction.id, id);
  const leaderId = auction.standing?.leaderId;
  // Whoever bid since has been answered that they lead.
  const isNew = leaderId === leaders?.after && leaderId !== leaders?.before;
  if (!leaderId || !isNew) return;
  await sendDmOnce(`leading-again:${id}`, leaderId, leadingAgainNotice(auction), deps);
}
