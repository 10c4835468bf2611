import { randomUUID } from "node:crypto";
import type { EventBase } from "../events/define-event.ts";
import type { PlatformDeps } from "../runtime/deps.ts";
import { keysOf, type LiveMessage, type Shown } from "./live-message.ts";

/** Dependencies of scheduling an update. */
export type ScheduleDeps = Pick<PlatformDeps, "tasks" | "clock" | "log">;
/** The same, with Redis for the mark. */
export type ScheduleMarkedDeps = ScheduleDeps & Pick<PlatformDeps, "redis">;

/** Discord takes about one edit a second in a channel. */
const EDIT_INTERVAL_MS = 1000;
/** How far the clocks of instances and of Cloud Tasks are usually apart, at most. */
const USUAL_SKEW_MS = 250;
/** How long a mark outlives a task that was never created. */
const MARK_SECONDS = 15;

/**
 * Schedules an update in a second, one for all changes until then: the first change sets a mark, and later changes
 * that find it need no task. `show.ts` removes the mark before it reads. Never fails.
 */
export async function scheduleMarked<Task extends EventBase>(
  live: LiveMessage<Task>,
  id: string,
  deps: ScheduleMarkedDeps,
): Promise<void> {
  const { mark } = keysOf(live, id);
  await logged(live, id, deps, async () => {
    const client = await deps.redis();
    const isFirst = await client.set(mark, "1", { nx: true, ex: MARK_SECONDS });
    if (!isFirst) return;
    await enqueue(live, id, inASecond(deps), randomUUID(), deps).catch(async (error: unknown) => {
      await client.del(mark);
      throw error;
    });
  });
}

/**
 * The same without Redis: the task is named after the second in which it is due, so Cloud Tasks creates it once. By an
 * instance's clock that second is at least USUAL_SKEW_MS away, so its task has not read the state yet. If clocks differ
 * by more, a change can miss its task, so the stored document must be marked as due for display. Never fails.
 */
export async function scheduleInSecond<Task extends EventBase>(
  live: LiveMessage<Task>,
  id: string,
  deps: ScheduleDeps,
): Promise<void> {
  const earliestMs = deps.clock.now().getTime() + USUAL_SKEW_MS;
  const second = Math.floor(earliestMs / EDIT_INTERVAL_MS) + 1;
  const dueAt = new Date(second * EDIT_INTERVAL_MS);
  await scheduleAt(live, id, dueAt, String(second), deps);
}

/** The same for callers that know that no task is pending. Never fails. */
export async function scheduleUnmarked<Task extends EventBase>(
  live: LiveMessage<Task>,
  id: string,
  deps: ScheduleDeps,
): Promise<void> {
  await scheduleAt(live, id, inASecond(deps), randomUUID(), deps);
}

/** Schedules an update at a given time, once per `name`. Never fails. */
export async function scheduleAt<Task extends EventBase>(
  live: LiveMessage<Task>,
  id: string,
  dueAt: Date,
  name: string,
  deps: Pick<ScheduleDeps, "tasks" | "log">,
): Promise<void> {
  await logged(live, id, deps, () => enqueue(live, id, dueAt, name, deps));
}

function inASecond({ clock }: Pick<ScheduleDeps, "clock">): Date {
  return new Date(clock.now().getTime() + EDIT_INTERVAL_MS);
}

async function enqueue<Task extends EventBase>(
  { task, taskFor }: LiveMessage<Task>,
  id: string,
  dueAt: Date,
  name: string,
  { tasks }: Pick<ScheduleDeps, "tasks">,
): Promise<void> {
  await tasks.enqueue(task, taskFor(id, `${task.queue}.${id}.${name}`), dueAt);
}

/** Logs a failure instead of throwing: the next change or the sweeper schedules the update again. */
async function logged(
  { title, idField }: Pick<Shown, "title" | "idField">,
  id: string,
  { log }: Pick<ScheduleDeps, "log">,
  schedule: () => Promise<void>,
): Promise<void> {
  try {
    await schedule();
  } catch (error) {
    log.error(`${title} was not scheduled`, error, { [idField]: id });
  }
}
