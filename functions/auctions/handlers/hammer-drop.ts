import { taskWorker } from "../../../shared/runtime/task-worker.ts";
import { hammerDue } from "../events/auction-tasks.ts";
import { type DropHammerDeps, dropHammer } from "../running/drop-hammer.ts";

/**
 * The hammer falls. Who won was decided by the bids: a task that is late, lost or repeated changes
 * nothing about it, and the sweeper lets the hammer fall where no task did.
 */
export const handler = taskWorker(hammerDue, ({ auctionId, endsAtMs }, deps: DropHammerDeps) =>
  dropHammer(auctionId, endsAtMs, deps),
);
