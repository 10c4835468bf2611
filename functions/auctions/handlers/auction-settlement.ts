import { NotYetError, taskWorker } from "../../../shared/runtime/delivery/task-worker.ts";
import { auctionSettlementDue } from "../events/auction-tasks.ts";
import { type SettleAuctionDeps, settleAuction } from "../lifecycle/settlement/settle-auction.ts";

/**
 * Settles an auction after the hammer: sends the winner their Checkout link and, if they do not pay, offers the
 * item to the runners-up in turn.
 *
 * Idempotency: a second run continues from the recorded state, and nobody is asked twice. Lateness: a task that
 * runs too early is retried.
 */
export const handler = taskWorker(
  auctionSettlementDue,
  async ({ auctionId, dueAtMs = 0 }, deps: SettleAuctionDeps) => {
    if (dueAtMs > deps.clock.now().getTime()) throw new NotYetError("An offer has not ended yet");
    await settleAuction(auctionId, deps);
  },
);
