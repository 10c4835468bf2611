import type { OutgoingMessage } from "../../clients/discord/outgoing-message.ts";
import { noticeDue } from "../../events/notice-due.ts";
import type { PlatformDeps } from "../../runtime/deps.ts";

/** The dependencies of notifying. */
export type NotifyDeps = Pick<PlatformDeps, "publisher">;

/** A message that fits an event: it has no files. */
type Notice = Omit<OutgoingMessage, "files">;

/** A notice to a buyer, with a button that opens their page of an order. */
interface BuyerNotice extends Notice {
  /** The order's id; it must be the user's own. */
  readonly orderPage?: string | undefined;
}

/**
 * Sends a message to a user once per id, without waiting for Discord: the work it reports is done whether or not the
 * user can be reached. Idempotency: publishing it again sends nothing.
 */
export function notify(
  id: string,
  userId: string,
  { orderPage, ...message }: BuyerNotice,
  { publisher }: NotifyDeps,
): Promise<void> {
  const page = orderPage === undefined ? {} : { orderPage };
  return publisher.publish(noticeDue, { id, userId, ...page, message: plainOf(message) });
}

/** Sends a message to the operators' channel, once per id. */
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
