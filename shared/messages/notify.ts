import { type Notice, noticeDue } from "../events/notice-due.ts";
import type { Deps } from "../runtime/deps.ts";

/** What notifying needs. */
export type NotifyDeps = Pick<Deps, "publisher">;

/**
 * Has a message sent to a user, once for each key, without waiting for Discord: what it tells of is done,
 * whether or not they can be reached. Publishing it again sends nothing more.
 */
export function notify(
  id: string,
  userId: string,
  message: Notice,
  { publisher }: NotifyDeps,
): Promise<void> {
  return publisher.publish(noticeDue, { id, userId, message });
}

/** Has a message sent to the operators' channel, once for each key. */
export function notifyOperators(
  id: string,
  message: Notice,
  { publisher }: NotifyDeps,
): Promise<void> {
  return publisher.publish(noticeDue, { id, message });
}
