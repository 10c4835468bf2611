import { DiscordError } from "../../../shared/clients/discord/errors.ts";
import { isTerminal } from "../../../shared/runtime/errors.ts";
import { isApproved } from "../../members/domain/standing.ts";
import type { Deps } from "../deps.ts";
import type { Drop } from "../domain/drop.ts";
import { dropOpeningDue } from "../events/drop-opening-due.ts";
import { draftOpenedText, notOpenedTexts } from "../messages/drafts.ts";
import { type ScheduleBoardDeps, scheduleBoard } from "./drop-board.ts";
import { fetchPictures } from "./picture.ts";
import { type PostDropDeps, postDrop, postKey } from "./post-drop.ts";

/** What opening a draft needs. */
export type OpenDraftDeps = PostDropDeps & ScheduleBoardDeps;

/** Reports to the builder what became of an opening, once for each `id`. */
export type ReportOpening = (id: string, builderId: string, text: string) => Promise<void>;

/** Why a draft could not be opened: by what its builder reads. */
type NotOpened = keyof typeof notOpenedTexts;

/** Enqueues the opening of a draft at its time, once for each time. */
export async function scheduleOpening(
  { id, opensAt }: Pick<Drop, "id" | "opensAt">,
  { tasks }: Pick<Deps, "tasks">,
): Promise<void> {
  if (!opensAt) return;
  const task = { id: `drop-opening.${id}.${opensAt.getTime()}`, dropId: id };
  await tasks.enqueue(dropOpeningDue, task, opensAt);
}

/** As often as the sweeper runs: a repeated run enqueues nothing more. */
const LATE_INTERVAL_MS = 15 * 60_000;

/**
 * Enqueues the opening of a draft whose time is over. If the task dies after posting, its queue retries within the few
 * minutes in which Discord recognizes the post; the sweeper's next run would be too late for that.
 */
export async function scheduleLateOpening(
  dropId: string,
  { tasks, clock }: Pick<Deps, "tasks" | "clock">,
): Promise<void> {
  const now = clock.now();
  const id = `drop-opening.${dropId}.late.${Math.floor(now.getTime() / LATE_INTERVAL_MS)}`;
  await tasks.enqueue(dropOpeningDue, { id, dropId }, now);
}

/**
 * Opens a draft that is due: it is put on sale, then posted, and reported to its builder. What cannot be opened, for
 * example because its builder may not sell now, becomes a draft again, and the reason is reported.
 *
 * Idempotency: it is posted once; a draft that was discarded or rescheduled is left alone. Crash safety: until the post
 * is recorded, a retry continues where it stopped, and the sweeper enqueues another task. Throws what Discord answers when its reason is
 * not one that the builder or an admin can change.
 */
export async function openDraft(
  dropId: string,
  deps: OpenDraftDeps,
  report: ReportOpening,
): Promise<void> {
  const { drops, builders, clock } = deps;
  const before = await drops.get(dropId);
  if (!before?.opensAt || before.opensAt > clock.now()) return;
  const builder = await builders.get(before.builderId);
  const refuse = async (drop: Drop, why: NotOpened) => {
    deps.log.warn("A draft could not be opened", { drop: dropId, why });
    // Reported first, so that a repeat after a crash in between reports it nonetheless.
    const cause = `drop-not-opened:${dropId}:${drop.opensAt?.getTime()}`;
    await report(cause, drop.builderId, notOpenedTexts[why](drop));
    await drops.backToDraft(dropId, drop.opensAt);
    await scheduleBoard(dropId, deps);
  };
  if (!isApproved(builder?.standing)) return refuse(before, "not-approved");
  if (builder?.account?.state !== "ACTIVE") return refuse(before, "no-account");
  if (!before.shipping) return refuse(before, "no-terms");
  const files = await draftPictures(before, deps);
  if (files === "gone") return refuse(before, "picture-gone");

  const drop = await drops.beginOpening(dropId, clock.now());
  if (!drop) return;
  try {
    await postDrop(drop, files, deps);
  } catch (error) {
    if (!isTerminal(error)) throw error;
    const isChannel = error instanceof DiscordError && error.isUnusableChannel;
    await refuse(drop, isChannel ? "cannot-post" : "post-refused");
    if (!isChannel) throw error;
    return;
  }
  // For its event in the server.
  await scheduleBoard(dropId, deps);
  const text = draftOpenedText(drop, deps.config.DISCORD_MARKETPLACE_CHANNEL_ID);
  await report(`drop-opened:${dropId}`, drop.builderId, text);
}

/** The pictures of a draft, from the DM that keeps them. A drop that is posted needs none any more. */
async function draftPictures({ id, preview }: Drop, deps: OpenDraftDeps) {
  if (!preview || (await deps.sentMessages.get(postKey(id)))) return [];
  try {
    const files = await deps.discord.attachments(preview.channelId, preview.messageId);
    return files.length > 0 ? await fetchPictures(files.map(({ url }) => url)) : "gone";
  } catch (error) {
    if (error instanceof DiscordError && error.isTerminal) return "gone";
    throw error;
  }
}
