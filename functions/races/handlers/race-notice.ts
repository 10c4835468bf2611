import { taskWorker } from "../../../shared/runtime/task-worker.ts";
import { raceNoticeDue } from "../events/race-tasks.ts";
import {
  type ClawbackNoticeDeps,
  notifyOfClawback,
  notifyOfRelease,
  type ReleaseNoticeDeps,
} from "../service/race-notices.ts";

/**
 * Notifies racers of what happens to their money, apart from booking it.
 *
 * Idempotency: each DM is sent once, and of one kind only one a day. Late: the books of that time are looked at.
 */
export const handler = taskWorker(
  raceNoticeDue,
  ({ notice }, deps: ClawbackNoticeDeps & ReleaseNoticeDeps) =>
    notice.kind === "clawback" ? notifyOfClawback(notice, deps) : notifyOfRelease(notice, deps),
);
