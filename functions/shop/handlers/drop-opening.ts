import { type NotifyDeps, notify } from "../../../shared/discord/sending/notify.ts";
import { isDue, taskWorker } from "../../../shared/runtime/delivery/task-worker.ts";
import { type OpenDraftDeps, openDraft } from "../drops/open-draft.ts";
import { dropOpeningDue } from "../events/drop-opening-due.ts";

/**
 * Opens a draft at its time, and notifies its builder of what became of it. Idempotency: a second run finds it posted.
 * Crash safety: a repeat posts what is on sale already. Lateness: it opens late. A draft that was discarded, opened or
 * rescheduled meanwhile is left alone.
 */
export const handler = taskWorker(
  dropOpeningDue,
  async ({ dropId }, deps: OpenDraftDeps & NotifyDeps) => {
    const { opensAt } = (await deps.drops.get(dropId)) ?? {};
    if (opensAt && !isDue(opensAt, deps.clock.now(), "The drop's opening")) return;
    await openDraft(dropId, deps, (id, builderId, text) =>
      notify(id, builderId, { content: text }, deps),
    );
  },
);
