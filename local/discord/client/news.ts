import type { Message } from "../state/records.ts";
import { isLater } from "../state/snowflakes.ts";
import type { World } from "../state/world.ts";

/** What is new for someone in a channel. */
export interface News {
  readonly unread: number;
  /** How many of these notified them. Everything in a DM does. */
  readonly pings: number;
}

/** What people have not read yet, and what notified them. */
export function openNews({ directory, messages, marks }: World) {
  const isNewFor = (userId: string, { id, channelId }: Message) => {
    const read = marks.lastRead(userId, channelId);
    return read === undefined || isLater(id, read);
  };
  const isPinged = (userId: string, roles: readonly string[], { pinged }: Message) =>
    pinged.everyone ||
    pinged.users.includes(userId) ||
    pinged.roles.some((role) => roles.includes(role));

  /** Every message, without those of deleted channels. */
  const existing = (): Message[] => {
    const channels = new Set(directory.channels().map(({ id }) => id));
    return [...messages.all()].filter(({ channelId }) => channels.has(channelId));
  };

  return {
    /** What is new for someone, by channel. */
    news: (userId: string): Record<string, News> => {
      const { roles } = directory.membership(userId);
      const dm = directory.dmWith(userId)?.id;
      const news: Record<string, News> = {};
      for (const message of existing()) {
        const { channelId, onlyFor } = message;
        if (onlyFor !== undefined || !isNewFor(userId, message)) continue;
        const before = news[channelId] ?? { unread: 0, pings: 0 };
        const pings = channelId === dm || isPinged(userId, roles, message) ? 1 : 0;
        news[channelId] = { unread: before.unread + 1, pings: before.pings + pings };
      }
      return news;
    },

    /** How often each person was notified without having read it. */
    pings: (): Record<string, number> => {
      const people = directory.people().map(({ id }) => ({ id, ...directory.membership(id) }));
      const dms = new Map(
        directory
          .channels()
          .flatMap((each) => (each.kind === "dm" ? [[each.id, each.userId]] : [])),
      );
      const pings: Record<string, number> = {};
      const add = (userId: string, message: Message) => {
        if (isNewFor(userId, message)) pings[userId] = (pings[userId] ?? 0) + 1;
      };
      for (const message of existing()) {
        if (message.onlyFor !== undefined) continue;
        const { users, roles, everyone } = message.pinged;
        const owner = dms.get(message.channelId);
        if (owner !== undefined) add(owner, message);
        else if (everyone || roles.length > 0) {
          for (const { id, roles: own } of people) if (isPinged(id, own, message)) add(id, message);
        } else for (const id of users) add(id, message);
      }
      return pings;
    },
  };
}
