import type { Auction } from "../../../../functions/auctions/domain/auction.ts";
import {
  cancelAuction,
  cancelUnreadable,
} from "../../../../functions/auctions/lifecycle/ending/cancel-auction.ts";
import { cancelledByTeamNotice } from "../../../../functions/auctions/messages/controls.ts";
import { manifest } from "../../../../functions/manifest.ts";
import type { Deps } from "../../../../functions/operations/deps.ts";
import { sendDmOnce } from "../../../../shared/discord/sending/send-once.ts";
import { UsageError } from "../../../cli/command-line.ts";
import { defineCommand, exitCodes, isConfirmed, NeedsYouError, onlyId } from "../../command.ts";
import { priceOf } from "./facts.ts";
import { auctionInRedis, refuseEnded } from "./with-redis.ts";

/** Cancels as `/c500 auction cancel` does. The reason is recorded and sent to the builder once. */
export const cancelAuctionByHand = defineCommand({
  name: "auction cancel",
  usage: "ID --reason TEXT [--yes]",
  does: "ends an auction without a winner and notifies its builder of the reason; run again, finishes what is left",
  options: { reason: { type: "string" }, yes: { type: "boolean" } },

  async run({ values, positionals }, context, say) {
    const id = onlyId(positionals);
    const reason = values.reason?.trim();
    if (!reason) throw new UsageError("Give a reason with --reason; the builder receives it.");
    const { name, deps } = await context.open(manifest["auction-settlement"].settings);
    const broken = await deps.auctions.unreadable(id);
    if (broken) {
      const question = `Cancel "${broken.title ?? id}" in ${name}, whose document can't be read? Nobody wins.`;
      if (!(await isConfirmed(question, values.yes, context))) {
        say("Nothing was changed.");
        return exitCodes.needsYou;
      }
      if (!(await cancelUnreadable(broken, deps, reason))) {
        throw new NeedsYouError("It has ended: there is nothing to cancel.");
      }
      say("Cancelled. Its builder has not been notified: please notify them, with the reason.");
      return exitCodes.needsYou;
    }
    const { auction } = await auctionInRedis(id, deps);
    if (!auction.cancelReason) refuseEnded(auction);
    const bids = `${auction.standing?.bids ?? 0} bids, ${priceOf(auction)}`;
    const question = `Cancel "${auction.title}" (${bids}) in ${name}? Nobody wins.`;
    if (!(await isConfirmed(question, values.yes, context))) {
      say("Nothing was changed.");
      return exitCodes.needsYou;
    }
    const after = await cancelAuction(auction, deps, reason);
    if (!after) throw new NeedsYouError("The hammer fell first: there is a result.");
    const isNotified = await notifyBuilder(after, deps);
    say(
      `Cancelled. ${isNotified ? "Its builder has been notified of the reason." : "Its builder accepts no DMs: notify them of the reason yourself."}`,
    );
    return isNotified ? exitCodes.fine : exitCodes.needsYou;
  },
});

/** Sends the recorded reason once. */
async function notifyBuilder(auction: Auction, deps: Deps): Promise<boolean> {
  const notice = cancelledByTeamNotice(auction, auction.cancelReason ?? "");
  const key = `auction-cancelled-by-team:${auction.id}`;
  return (await sendDmOnce(key, auction.builderId, notice, deps)) !== undefined;
}
