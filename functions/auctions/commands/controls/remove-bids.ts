import { DiscordError, type OutgoingMessage } from "../../../../shared/clients/discord.ts";
import { action, type CommandUse } from "../../../../shared/discord/command-action.ts";
import { defineCommand, type ValuesOf } from "../../../../shared/discord/define-command.ts";
import { user } from "../../../../shared/discord/options.ts";
import { sendDmOnce, sendOnce } from "../../../../shared/discord/send-once.ts";
import { scheduleBoard } from "../../boards/schedule-board.ts";
import type { Auction } from "../../domain/auction.ts";
import { recordBids } from "../../lifecycle/running/record-bids.ts";
import {
  bidsRemovedNotice,
  bidsRemovedPost,
  leadingAgainNotice,
} from "../../messages/bid-notices.ts";
import { bidsRemovedText, controlTexts } from "../../messages/controls.ts";
import { type AuctionControlDeps, ownAuction } from "../control-deps.ts";
import { auctionOption, reasonOption } from "../options.ts";

/** `/c500 auction remove-bids`. */
export const removeBidsCommand = defineCommand({
  words: "c500 auction remove-bids",
  description: "Take all bids of one bidder out of a running auction",
  options: {
    auction: auctionOption,
    bidder: user("Whose bids", { required: true }),
    reason: reasonOption,
  },
  who: "staff",
  answeredBy: "auction-control",
});

/**
 * Removes all bids of one bidder; the price and the leader then follow from the other bids. Notifies the channels,
 * the bidder and the new leader. Idempotency: the command's id identifies the removal, and each message is sent once.
 */
export const removingBids = /* @__PURE__ */ action(removeBidsCommand, {
  run: removeBids,
  // Everyone is still to be notified.
  isBegun: async (
    use,
    { auction: named },
    deps: Pick<AuctionControlDeps, "auctions" | "auctionEngine" | "bids">,
  ) => {
    const auction = await ownAuction(use, named, deps);
    if (!auction) return false;
    if (await deps.auctionEngine.hasRemoved(auction.id, use.id)) return true;
    return (await deps.bids.leadersAround(auction.id, use.id)) !== undefined;
  },
});

async function removeBids(
  use: CommandUse,
  options: ValuesOf<typeof removeBidsCommand>,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  const before = await ownAuction(use, options.auction, deps);
  if (!before) return { content: controlTexts.notYours };
  const { bidder: bidderId, reason } = options;
  const { id: auctionId, startPrice } = before;
  const removal = { operationId: use.id, auctionId, bidderId, startPrice };
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
      await sayRemoved(auction, { id: use.id, bidderId, reason }, deps);
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
  // A leader who has bid since was notified by the answer to that bid.
  const isNew = leaderId === leaders?.after && leaderId !== leaders?.before;
  if (!leaderId || !isNew) return;
  await sendDmOnce(`leading-again:${id}`, leaderId, leadingAgainNotice(auction), deps);
}
