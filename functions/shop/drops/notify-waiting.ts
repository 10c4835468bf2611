import { type NotifyDeps, notify } from "../../../shared/discord/sending/notify.ts";
import type { Deps } from "../deps.ts";
import { isHidden, postUrl } from "../domain/drop.ts";
import { dropBackDue } from "../events/drop-back-due.ts";
import { isPaused } from "../messages/drops.ts";
import { backInStock } from "../messages/waiting.ts";

/** How many people are notified at once. */
const BATCH = 25;
/**
 * The time between two batches, and before the first: a unit that is given back and taken again within it notifies
 * nobody, and those of later batches get no message about units that are gone by then.
 */
const WAVE_MS = 20_000;

/** What scheduling a batch needs. */
export type ScheduleWaveDeps = Pick<Deps, "tasks" | "clock" | "log">;
/** What notifying those who wait needs. */
export type NotifyWaitingDeps = NotifyDeps &
  ScheduleWaveDeps &
  Pick<Deps, "drops" | "dropWaits" | "builders"> & {
    readonly config: Pick<Deps["config"], "DISCORD_GUILD_ID">;
  };

/** Schedules a batch of messages about a drop that has units again. Never throws: the sweeper does the same. */
export async function scheduleWave(
  dropId: string,
  { tasks, clock, log }: ScheduleWaveDeps,
): Promise<void> {
  const wave = Math.floor(clock.now().getTime() / WAVE_MS) + 1;
  try {
    const id = `drop-back.${dropId}.${wave}`;
    await tasks.enqueue(dropBackDue, { id, dropId }, new Date((wave + 1) * WAVE_MS));
  } catch (error) {
    log.error("Messages to those who wait for a drop were not scheduled", error, { drop: dropId });
  }
}

/**
 * Notifies the first of those who wait for a drop, while it has units, and schedules the next batch. Each gets one
 * message, and is off the list then.
 *
 * Idempotency: a message's id is made of the drop, the person and when they joined the list. Crash safety: someone is
 * taken off the list after their message is published; a repeat publishes the same one. Lateness: nobody is notified
 * of units that are gone.
 */
export async function notifyWaiting(dropId: string, deps: NotifyWaitingDeps): Promise<void> {
  const { drops, dropWaits, builders, config } = deps;
  const drop = await drops.get(dropId);
  if (!drop?.post || isHidden(drop) || drop.isClosed) return;
  const [stock, builder] = await Promise.all([
    drops.stockLevel(dropId),
    builders.get(drop.builderId),
  ]);
  if (stock.free === 0 || isPaused({ drop, stock, builder })) return;
  const waiting = await dropWaits.oldest(dropId, BATCH);
  const message = backInStock(drop, stock, postUrl(drop.post, config.DISCORD_GUILD_ID));
  for (const wait of waiting) {
    const { userId, since } = wait;
    await notify(`drop-back:${dropId}:${userId}:${since.getTime()}`, userId, message, deps);
    await dropWaits.notified(wait);
  }
  if (waiting.length === BATCH) return scheduleWave(dropId, deps);
  await dropWaits.unmarkIfEmpty(dropId);
}
