import { defineLiveMessage } from "../../../shared/live-message/live-message.ts";
import { type ScheduleMarkedDeps, scheduleMarked } from "../../../shared/live-message/schedule.ts";
import {
  clearMark,
  forgetShown,
  oneAtATime,
  type ShowDeps,
  showUnlessShown,
  unlessGone,
} from "../../../shared/live-message/show.ts";
import type { Deps } from "../deps.ts";
import { dropBoardDue } from "../events/drop-board-due.ts";
import { dropPost } from "../messages/drops.ts";
import { type ScheduleWaveDeps, scheduleWave } from "./notify-waiting.ts";

/** Dependencies of `scheduleBoard`. */
export type ScheduleBoardDeps = ScheduleMarkedDeps;
/** Dependencies of `refreshBoard`. */
export type RefreshBoardDeps = ShowDeps &
  ScheduleWaveDeps &
  Pick<Deps, "drops" | "builders" | "discord"> & {
    readonly config: Pick<Deps["config"], "PUBLIC_SITE_URL">;
  };

const dropBoard = defineLiveMessage({
  task: dropBoardDue,
  taskFor: (dropId, id) => ({ id, dropId }),
  title: "A drop's post",
  idField: "drop",
  rememberedDays: 7,
});

/**
 * Schedules an update of a drop's post, which runs within a second or two. Never throws. The sweeper updates
 * posts whose task was lost, of the newest 100 drops ten in each run.
 */
export function scheduleBoard(dropId: string, deps: ScheduleBoardDeps): Promise<void> {
  return scheduleMarked(dropBoard, dropId, deps);
}

/**
 * Updates a drop's post unless it is already up to date, and has people notified who wait for units that there are:
 * whatever brings units back updates the post. Throws NotYetError while another edit is under way.
 */
export async function refreshBoard(dropId: string, deps: RefreshBoardDeps): Promise<void> {
  const show = async () => {
    await clearMark(dropBoard, dropId, deps);
    let isAwaited = false;
    const read = async () => {
      const post = await readPost(dropId, deps);
      isAwaited = post?.isAwaited ?? false;
      return post;
    };
    await showUnlessShown(dropBoard, dropId, read, deps);
    if (isAwaited) await scheduleWave(dropId, deps);
  };
  await oneAtATime(dropBoard, dropId, show, deps);
}

/** How often work waits for an edit of a post that is under way, before it is tried again later. */
const WAITS_MS = [200, 400, 800, 1600, 3200];

/** Works on a drop's post while nothing else edits it; the next edit after that is made in any case. */
export function whileNotEdited<T>(
  dropId: string,
  work: () => Promise<T>,
  deps: ShowDeps,
): Promise<T> {
  const alone = async () => {
    const result = await work();
    await forgetShown(dropBoard, dropId, deps);
    return result;
  };
  return oneAtATime(dropBoard, dropId, alone, deps, WAITS_MS);
}

async function readPost(dropId: string, deps: RefreshBoardDeps) {
  const { drops, builders, discord } = deps;
  const drop = await drops.get(dropId);
  if (!drop?.post) return undefined;
  const [stock, builder] = await Promise.all([
    drops.stockLevel(dropId),
    builders.get(drop.builderId),
  ]);
  const { channelId, messageId } = drop.post;
  const message = dropPost({ drop, stock, builder }, deps.config.PUBLIC_SITE_URL);
  const edit = () => discord.editMessage(channelId, messageId, message);
  const isAwaited = drop.hasWaiting && !drop.isClosed && stock.free > 0;
  return { message, isAwaited, edit: () => unlessGone(dropBoard, dropId, edit, deps) };
}
