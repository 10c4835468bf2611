import { defineLiveMessage } from "../../../shared/live-message/live-message.ts";
import { type ScheduleMarkedDeps, scheduleMarked } from "../../../shared/live-message/schedule.ts";
import {
  clearMark,
  oneAtATime,
  type ShowDeps,
  showUnlessShown,
  unlessGone,
} from "../../../shared/live-message/show.ts";
import type { Deps } from "../deps.ts";
import { dropBoardDue } from "../events/drop-board-due.ts";
import { dropPost } from "../messages/drops.ts";

/** What asking for a fresh post needs. */
export type ScheduleBoardDeps = ScheduleMarkedDeps;
/** What showing it needs. */
export type RefreshBoardDeps = ShowDeps & Pick<Deps, "drops" | "builders" | "discord" | "log">;

const dropBoard = defineLiveMessage({
  task: dropBoardDue,
  taskFor: (dropId, id) => ({ id, dropId }),
  title: "A drop's post",
  idField: "drop",
  rememberedDays: 7,
});

/**
 * Asks for a drop's post to show what is true, within a second or two. Never fails; what was missed the sweeper
 * shows, of the newest drops.
 */
export function scheduleBoard(dropId: string, deps: ScheduleBoardDeps): Promise<void> {
  return scheduleMarked(dropBoard, dropId, deps);
}

/** Shows a drop as it is, unless its post does already. Throws NotYetError while another edit is under way. */
export async function refreshBoard(dropId: string, deps: RefreshBoardDeps): Promise<void> {
  const show = async () => {
    await clearMark(dropBoard, dropId, deps);
    await showUnlessShown(dropBoard, dropId, () => readPost(dropId, deps), deps);
  };
  await oneAtATime(dropBoard, dropId, show, deps);
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
  const message = dropPost({ drop, stock, builder });
  const edit = () => discord.editMessage(channelId, messageId, message);
  return { message, edit: () => unlessGone(dropBoard, dropId, edit, deps) };
}
