import type { EventBase, TaskDefinition } from "../events/define-event.ts";

/**
 * A Discord message that mirrors something stored, such as a drop's post: code that changes what it shows asks for it
 * to be shown (`schedule.ts`), and a task shows it as it is by then (`show.ts`), at most once a second.
 */
export interface LiveMessage<Task extends EventBase> extends Shown {
  /** The task that shows it. */
  readonly task: TaskDefinition<Task>;
  /** That task for what has this id. */
  readonly taskFor: (id: string, taskId: string) => Task;
}

/** What showing a live message needs to know of it. */
export interface Shown {
  /** All that Redis and the queue hold of it begins with the queue's name. */
  readonly task: { readonly queue: string };
  /** As the log names it: "A drop's post". */
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

/** What Redis holds of a message: the mark of a pending task, the lock of a running edit, what it shows. */
export function keysOf({ task: { queue } }: Shown, id: string) {
  return { mark: `${queue}:${id}`, lock: `${queue}-lock:${id}`, shown: `${queue}-shown:${id}` };
}
