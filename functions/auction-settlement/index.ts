import {
  type SettleAuctionDeps,
  settleAuction,
} from "../../shared/auction-house/settle-auction.ts";
import { auctionSettlementDue } from "../../shared/events/auction-tasks.ts";
import { taskWorker } from "../../shared/runtime/task-worker.ts";

/**
 * After the hammer: the winner's page, and when they do not pay, the runners-up in turn. A repeat
 * finds how far it has come; nothing is asked of anyone twice.
 */
export const handler = taskWorker(auctionSettlementDue, ({ auctionId }, deps: SettleAuctionDeps) =>
  settleAuction(auctionId, deps),
);
