import { NotYetError, taskWorker } from "../../../shared/runtime/task-worker.ts";
import { auctionSettlementDue } from "../events/auction-tasks.ts";
import { type SettleAuctionDeps, settleAuction } from "../settlement/settle-auction.ts";

/**
 * After the hammer: the winner's page, and when they do not pay, the runners-up in turn. A repeat
 * finds how far it has come; nothing is asked of anyone twice.
 */
export const handler = taskWorker(
  auctionSettlementDue,
  async ({ auctionId, dueAtMs = 0 }, deps: SettleAuctionDeps) => {
    if (dueAtMs > deps.clock.now().getTime()) throw new NotYetError("An offer has not ended yet");
    await settleAuction(auctionId, deps);
  },
);
