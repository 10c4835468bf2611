import { taskWorker } from "../../../shared/runtime/delivery/task-worker.ts";
import { type NotifyWaitingDeps, notifyWaiting } from "../drops/notify-waiting.ts";
import { dropBackDue } from "../events/drop-back-due.ts";

/**
 * Notifies some of those who wait for a drop that it has units again. Idempotency: each of them gets one message. Late:
 * when the units are gone by then, nobody is notified and everyone stays on the list.
 */
export const handler = taskWorker(dropBackDue, ({ dropId }, deps: NotifyWaitingDeps) =>
  notifyWaiting(dropId, deps),
);
