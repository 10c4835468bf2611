import { DiscordError } from "../../../../shared/clients/discord/errors.ts";
import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action } from "../../../../shared/discord/definitions/command-action.ts";
import { defineCommand } from "../../../../shared/discord/definitions/define-command.ts";
import { user } from "../../../../shared/discord/definitions/options.ts";
import { sendDmOnce, sendOnce } from "../../../../shared/discord/sending/send-once.ts";
import { scheduleBoard } from "../../boards/schedule-board.ts";
import type { Auction } from "../../domain/auction.ts";
import type { RemoveOutcome } from "../../engine/bids/remove.ts";
import { type RecordBidsDeps, recordBids } from "../../lifecycle/running/record-bids.ts";
import {
  bidsRemovedNotice,
  bidsRemovedPost,
  leadingAgainNotice,
} from "../../messages/bid-notices.ts";
import { bidsRemovedText, controlTexts } from "../../messages/controls.ts";
import type { AuctionControlDeps } from "../control-deps.ts";
import { auctionOption, reasonOption } from "../options.ts";
import { onOwnAuction, ownAuction } from "../own-auction.ts";

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
  run: (use, { auction, bidder, reason }, deps: AuctionControlDeps) =>
    onOwnAuction(use, auction, deps, (own) =>
      removeBids(own, { id: use.id, bidderId: bidder, reason }, deps),
    ),
  // Everyone may still have to be notified, or staff to be answered.
  isBegun: async (use, { auction: named }, deps: RecordBidsDeps) => {
    const auction = await ownAuction(use, named, deps);
    if (!auction) return false;
    if (await deps.auctionEngine.isRemovalDecided(auction.id, use.id)) return true;
    // After a failover, Redis may have the removal only in its stream of bids.
    await recordBids(auction, deps);
    return (await deps.bids.leadersAround(auction.id, use.id)) !== undefined;
  },
});

/** A removal under its command's id. */
interface Removal {
  readonly id: string;
  readonly bidderId: string;
  readonly reason: string;
}

async function removeBids(
  before: Auction,
  removal: Removal,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  let outcome = await decide(before, removal, deps);
  if (outcome !== "removed") {
    await scheduleBoard(before.id, deps);
    // After a failover, Redis may have an earlier delivery's removal only in its stream of bids.
    await recordBids(before, deps);
    outcome = await decide(before, removal, deps);
  }
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
      return {
        content: before.state === "live" ? controlTexts.restoring : controlTexts.notRunning,
      };
    case "removed": {
      const auction = await recordBids(before, deps);
      await scheduleBoard(auction.id, deps);
      await notifyRemoved(auction, removal, deps);
      return { content: bidsRemovedText(auction, removal.bidderId) };
    }
  }
}

/** Removes the bids in Redis unless the removal is recorded. */
async function decide(
  { id: auctionId, startPrice }: Auction,
  { id: operationId, bidderId }: Removal,
  { bids, auctionEngine }: Pick<AuctionControlDeps, "bids" | "auctionEngine">,
): Promise<RemoveOutcome> {
  // A Redis that was restored from the record does not know which removals it contains.
  const isRecorded = (await bids.leadersAround(auctionId, operationId)) !== undefined;
  if (isRecorded) return "removed";
  return auctionEngine.remove({ operationId, auctionId, bidderId, startPrice });
}

async function notifyRemoved(
  auction: Auction,
  { id, bidderId, reason }: Removal,
  deps: AuctionControlDeps,
): Promise<void> {
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
