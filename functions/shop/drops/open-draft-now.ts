import type { CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import { type Drop, isHidden } from "../domain/drop.ts";
import { draftOpenedText, draftText } from "../messages/drafts.ts";
import { dropRefusalTexts } from "../messages/drop-refusals.ts";
import { type ChangeDropDeps, makeOwnChange, type OwnChangeResult } from "./change-drop.ts";
import { type OpenDraftDeps, openDraft } from "./open-draft.ts";

/** What opening a draft at once needs. */
export type OpenDraftNowDeps = ChangeDropDeps & OpenDraftDeps;

/** The open drop, or why it is not; both in words too. */
type OpenNowResult =
  | { readonly ok: true; readonly drop: Drop; readonly text: string }
  | Extract<OwnChangeResult, { ok: false }>
  | { readonly ok: false; readonly refusal: "not-opened"; readonly text: string };

/**
 * Opens a builder's own draft. Idempotency: the use makes it due once, and it is posted once. Crash safety: the sweeper
 * opens what is due.
 */
export async function openDraftNow(
  { use, dropId }: { readonly use: Pick<CommandUse, "id" | "userId">; readonly dropId: string },
  deps: OpenDraftNowDeps,
): Promise<OpenNowResult> {
  const change = { kind: "schedule", opensAt: deps.clock.now() } as const;
  const due = await makeOwnChange({ use, dropId, change }, deps);
  if (!due.ok) return due;
  const reports: string[] = [];
  await openDraft(dropId, deps, async (_id, _builderId, text) => void reports.push(text));
  const drop = await deps.drops.get(dropId);
  const [report] = reports;
  if (!drop) return { ok: false, refusal: "not-found", text: dropRefusalTexts["not-found"] };
  if (isHidden(drop)) return { ok: false, refusal: "not-opened", text: report ?? draftText(drop) };
  const opened = draftOpenedText(drop, deps.config.DISCORD_MARKETPLACE_CHANNEL_ID);
  return { ok: true, drop, text: report ?? opened };
}
