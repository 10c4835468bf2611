import type { EventBase, TaskDefinition } from "../events/define-event.ts";

/**
 * A Discord message that mirrors something stored, such as a drop's post. Code that changes what the message shows
 * schedules an update (`schedule.ts`); a task then shows the current state (`show.ts`), at most once a second.
 */
export interface LiveMessage<Task extends EventBase> extends Shown {
  /** The task that updates it. */
  readonly task: TaskDefinition<Task>;
  /** The task's payload for this id. */
  readonly taskFor: (id: string, taskId: string) => Task;
}

/** What updating a live message needs to know about it. */
export interface Shown {
  /** Its keys in Redis begin with this queue's name. */
  readonly task: { readonly queue: string };
  /** Its name in the log: "A drop's post". */
  readonly title: string;
  /** The log's field for the id. */
  readonly idField: string;
  /** An unchanged message is not edited again within this time: Discord limits edits of old messages. */
  readonly rememberedDays: number;
}

/** Defines a live message. */
export function defineLiveMessage<Task extends EventBase>(
  definition: LiveMessage<Task>,
): LiveMessage<Task> {
  return definition;
}

/** A message's keys in Redis: the mark of a pending task, the lock of a running edit, a digest of what it shows. */
export function keysOf({ task: { queue } }: Shown, id: string) {
  return { mark: `${queue}:${id}`, lock: `${queue}-lock:${id}`, shown: `${queue}-shown:${id}` };
}
