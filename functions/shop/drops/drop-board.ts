import { createHash, randomUUID } from "node:crypto";
import { DiscordError } from "../../../shared/clients/discord.ts";
import { underLock } from "../../../shared/runtime/under-lock.ts";
import type { Deps } from "../deps.ts";
import { dropBoardDue } from "../events/drop-board-due.ts";
import { dropPost } from "../messages/drops.ts";

/** What asking for a fresh post needs. */
export type ScheduleBoardDeps = Pick<Deps, "redis" | "tasks" | "clock" | "log">;
/** What showing it needs. */
export type RefreshBoardDeps = Pick<
  Deps,
  "redis" | "drops" | "builders" | "discord" | "clock" | "log"
>;

/** Discord takes about one edit a second in a channel. */
const EDIT_INTERVAL_MS = 1000;
/** How long a mark outlives a task that was never made. */
const MARK_SECONDS = 15;
/** Within this time an unchanged post is not edited again: Discord minds edits of old messages. */
const SHOWN_SECONDS = 7 * 24 * 3600;

/**
 * Asks for a drop's post to show what is true. The first change of a second makes a task for the
 * next; later ones find its mark. Never fails; what was missed the sweeper shows, of the newest
 * drops.
 */
export async function scheduleBoard(dropId: string, deps: ScheduleBoardDeps): Promise<void> {
  const { redis, tasks, clock, log } = deps;
  try {
    const client = await redis();
    const isFirst = await client.set(markOf(dropId), "1", { nx: true, ex: MARK_SECONDS });
    if (!isFirst) return;
    const dueAt = new Date(clock.now().getTime() + EDIT_INTERVAL_MS);
    const task = { id: `drop-board.${randomUUID()}`, dropId };
    await tasks.enqueue(dropBoardDue, task, dueAt).catch(async (error: unknown) => {
      await client.del(markOf(dropId));
      throw error;
    });
  } catch (error) {
    log.error("A drop's post was not scheduled", error, { drop: dropId });
  }
}

/**
 * Shows a drop as it is, unless its post does already. The mark goes before anything is read, so that a
 * later change makes its own task; one edit at a time, so that an older state never overwrites a newer
 * one. Throws NotYetError while another edit is under way.
 */
export async function refreshBoard(dropId: string, deps: RefreshBoardDeps): Promise<void> {
  const show = async () => {
    const client = await deps.redis();
    await client.del(markOf(dropId));
    const shown = `drop-board-shown:${dropId}`;
    const digest = await showDrop(dropId, await client.get<string>(shown), deps);
    if (digest) await client.set(shown, digest, { ex: SHOWN_SECONDS });
  };
  await underLock(`drop-board-lock:${dropId}`, [], show, deps);
}

/** Edits the post unless it shows the same already; gives a digest of what it shows. */
async function showDrop(
  dropId: string,
  shown: string | null,
  { drops, builders, discord, log }: RefreshBoardDeps,
): Promise<string | undefined> {
  const drop = await drops.get(dropId);
  if (!drop?.post) return undefined;
  const [stock, builder] = await Promise.all([
    drops.stockLevel(dropId),
    builders.get(drop.builderId),
  ]);
  const { channelId, messageId } = drop.post;
  const post = dropPost({ drop, stock, builder });
  const digest = createHash("sha256").update(JSON.stringify(post)).digest("base64url");
  if (digest === shown) return digest;
  try {
    await discord.editMessage(channelId, messageId, post);
  } catch (error) {
    const isGone = error instanceof DiscordError && (error.isUnusableChannel || error.isUnknown);
    if (!isGone) throw error;
    log.warn("A drop's post is gone, or may not be edited", { drop: dropId });
  }
  return digest;
}

function markOf(dropId: string): string {
  return `drop-board:${dropId}`;
}
