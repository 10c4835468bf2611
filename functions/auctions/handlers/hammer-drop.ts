import { taskWorker } from "../../../shared/runtime/delivery/task-worker.ts";
import { hammerDue } from "../events/auction-tasks.ts";
import { type DropHammerDeps, dropHammer } from "../lifecycle/ending/drop-hammer.ts";

/**
 * Drops the hammer. The bids decide who won: a task that is late, lost or repeated does not change the
 * result, and the sweeper drops the hammer if no task did.
 */
export const handler = taskWorker(hammerDue, ({ auctionId, endsAtMs }, deps: DropHammerDeps) =>
  dropHammer(auctionId, endsAtMs, deps),
);
