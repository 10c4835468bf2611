import { type NotifyDeps, notify } from "../../../shared/discord/sending/notify.ts";
import { type OpenDraftDeps, openDraft } from "./open-draft.ts";

/** What opening a draft at its time needs. */
export type OpenOnTimeDeps = OpenDraftDeps & NotifyDeps;

/** Opens a draft that is due, and notifies its builder of what became of it. Idempotent. */
export function openOnTime(dropId: string, deps: OpenOnTimeDeps): Promise<void> {
  return openDraft(dropId, deps, (id, builderId, text) =>
    notify(id, builderId, { content: text }, deps),
  );
}
