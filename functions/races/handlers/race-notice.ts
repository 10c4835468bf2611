import { taskWorker } from "../../../shared/runtime/delivery/task-worker.ts";
import { raceNoticeDue } from "../events/race-tasks.ts";
import {
  type ClawbackNoticeDeps,
  notifyOfClawback,
  notifyOfRelease,
  type ReleaseNoticeDeps,
} from "../service/race-notices.ts";

/**
 * Notifies racers of refunds and of money that becomes available. The money itself is booked elsewhere.
 *
 * Idempotency: each DM is sent once, and at most one of each kind per day. Lateness: a late notice is decided by
 * the current books.
 */
export const handler = taskWorker(
  raceNoticeDue,
  ({ notice }, deps: ClawbackNoticeDeps & ReleaseNoticeDeps) =>
    notice.kind === "clawback" ? notifyOfClawback(notice, deps) : notifyOfRelease(notice, deps),
);
