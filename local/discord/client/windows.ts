import { refusals } from "../discord-error.ts";
import { type SeenMessage, seeMessage } from "../inspection.ts";
import type { DiscordEvent } from "../state/event-log.ts";
import { permissionsIn } from "../state/permissions.ts";
import type { Message } from "../state/records.ts";
import { isLater } from "../state/snowflakes.ts";
import type { World } from "../state/world.ts";
import { type ChosenFile, ImpossibleError } from "./command-data.ts";
import { openNews } from "./news.ts";
import { surroundingsOf } from "./surroundings.ts";

/** A message as a client shows it. */
export interface ShownMessage extends SeenMessage {
  /** The command it answers: "/c500 live". */
  readonly usedCommand: string | undefined;
}

/** A file to upload with a command or a form. */
export interface Upload {
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** The windows that people look at Discord through. Nothing here calls the application. */
export type Windows = ReturnType<typeof openWindows>;

const VIEW_CHANNEL = 1n << 10n;

/** Opens the windows on a world. */
export function openWindows(world: World) {
  const { directory, messages, commands, log, marks, interactions, attachments, serverEvents } =
    world;

  const show = (message: Message): ShownMessage => {
    const what = message.interaction && interactions.get(message.interaction.id)?.what;
    return {
      ...seeMessage(message, world),
      usedCommand: what?.startsWith("/") ? what : undefined,
    };
  };
  const isShownTo = (userId: string, { id, onlyFor }: Message) =>
    onlyFor === undefined || (onlyFor === userId && !marks.isDismissed(id));
  /** Someone's permissions in a channel as Discord's bit set; in a DM, undefined. */
  const permissions = (userId: string, channelId: string): string | undefined => {
    const channel = directory.channel(channelId);
    if (channel.kind === "dm") return undefined;
    const membership = directory.membership(userId);
    return permissionsIn({ id: userId, ...membership }, directory.guild(channel.guildId), channel);
  };
  const mayView = (userId: string, channelId: string) => {
    const channel = directory.channel(channelId);
    if (channel.kind === "dm") return channel.userId === userId;
    if (!directory.membership(userId).sharesGuild) return false;
    return (BigInt(permissions(userId, channelId) ?? 0) & VIEW_CHANNEL) !== 0n;
  };
  /** The channel's messages as someone sees them. Throws 50001 when they cannot see the channel. */
  const shownTo = (userId: string, channelId: string): Message[] => {
    if (!mayView(userId, channelId)) throw refusals.missingAccess();
    return messages.allIn(channelId).filter((message) => isShownTo(userId, message));
  };
  return {
    permissions,
    mayView,

    /** Whether there is such a channel: it may have been deleted while somebody looks at it. */
    hasChannel: (channelId: string) => directory.hasChannel(channelId),

    /** Changes whenever any of the windows may show something else. */
    revision: () => `${log.newest}.${directory.revision}.${marks.revision}`,

    ...openNews(world),

    /** Changes whenever the surroundings do. */
    surroundingsRevision: () => `${directory.revision}.${commands.revision}`,

    surroundings: () => surroundingsOf(world),

    /** The newest event's sequence number. */
    newest: () => log.newest,

    /** The events after the one with this number. */
    eventsAfter: (sequence: number): readonly DiscordEvent[] => log.after(sequence),

    /** The newest messages that someone sees in a channel, or those before one; oldest first. */
    page: (userId: string, channelId: string, most: number, before?: string) => {
      const all = shownTo(userId, channelId).filter(
        ({ id }) => before === undefined || isLater(before, id),
      );
      return { messages: all.slice(-most).map(show), hasOlder: all.length > most };
    },

    /** The pinned messages of a channel, the last pinned one first. Throws 50001 when they cannot see the channel. */
    pins: (userId: string, channelId: string): ShownMessage[] => {
      if (!mayView(userId, channelId)) throw refusals.missingAccess();
      return messages.pinned(channelId).map(show);
    },

    /** A server's scheduled events that are not over, the next to begin first. Throws 50001 to those who are not in it. */
    events: (userId: string, guildId: string) => {
      if (!directory.membership(userId).sharesGuild) throw refusals.missingAccess();
      return serverEvents.open(directory.guild(guildId).id);
    },

    /** One message of a channel as someone sees it; undefined if they do not. */
    message: (userId: string, channelId: string, id: string): ShownMessage | undefined => {
      const found = messages.find(channelId, id);
      return found && isShownTo(userId, found) ? show(found) : undefined;
    },

    /** The id of someone's DM with the bot, if it is open. */
    dmOf: (userId: string): string | undefined => directory.dmWith(userId)?.id,

    /** Opens someone's DM with the bot, as they would from its profile. Returns the channel's id. */
    openDm: (userId: string): string => directory.openDm(userId).channel.id,

    /** The last message that someone has read in a channel. */
    lastRead: (userId: string, channelId: string) => marks.lastRead(userId, channelId),

    /** Marks everything that someone sees in a channel as read. */
    markRead: (userId: string, channelId: string): void => {
      const newest = shownTo(userId, channelId).at(-1);
      if (newest) marks.markRead(userId, newest);
    },

    /** Removes an ephemeral message from its reader's window; the application does not notice. */
    dismiss: (userId: string, channelId: string, id: string): void => {
      const found = messages.find(channelId, id);
      if (found?.onlyFor !== userId) throw new ImpossibleError(`${userId} cannot dismiss ${id}`);
      marks.dismiss(userId, found);
    },

    /** Ids of the ephemeral messages that someone has dismissed in a channel. */
    dismissed: (userId: string, channelId: string) => marks.dismissed(userId, channelId),

    /** An id for what someone adds, as Discord gives them: it never comes again. */
    newId: () => directory.newId(),

    /** Uploads a file for a command's option or a form, as a client does before it sends either. */
    upload: ({ filename, contentType, bytes }: Upload, origin: string): ChosenFile => {
      const [file] = attachments.store(
        [{ key: "0", filename, contentType, bytes }],
        undefined,
        [],
        origin,
      );
      if (!file) throw new ImpossibleError("There is no file");
      return { filename, url: file.url, contentType, size: bytes.length };
    },
  };
}
