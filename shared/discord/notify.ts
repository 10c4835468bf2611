import type { OutgoingMessage } from "../clients/discord.ts";
import { noticeDue } from "../events/notice-due.ts";
import type { PlatformDeps } from "../runtime/deps.ts";

/** What notifying needs. */
export type NotifyDeps = Pick<PlatformDeps, "publisher">;

/** A message that travels in an event; a file cannot. */
type Notice = Omit<OutgoingMessage, "file">;

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
  return publisher.publish(noticeDue, { id, userId, message: plainOf(message) });
}

/** Has a message sent to the operators' channel, once for each key. */
export function notifyOperators(
  id: string,
  message: Notice,
  { publisher }: NotifyDeps,
): Promise<void> {
  return publisher.publish(noticeDue, { id, message: plainOf(message) });
}

function plainOf({ content, embeds, buttons, pings }: Notice) {
  return {
    ...(content !== undefined && { content }),
    ...(embeds && { embeds: embeds.map((embed) => ({ ...embed })) }),
    ...(buttons && { buttons: buttons.map((button) => ({ ...button })) }),
    ...(pings && {
      pings: {
        ...(pings.users && { users: [...pings.users] }),
        ...(pings.roles && { roles: [...pings.roles] }),
      },
    }),
  };
}
