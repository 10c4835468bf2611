import * as z from "zod/mini";
import type { ShownMessage } from "../../../../local/discord/client/windows.ts";
import type { StudioHost } from "../../host.ts";
import { defineCall } from "../../panel.ts";
import { discordOf, findChannel, id, openChannel, seat, whyHidden } from "./simulator.ts";

/** How many messages a page shows. */
const PAGE = 100;
/** After more events than this, the page is read again. */
const MOST_EVENTS = 2_000;

/** What changed in a channel for someone. */
export interface ChannelChanges {
  /** The newest event that this includes; 0 if there are none to show. */
  readonly sequence: number;
  /** Messages that were created or edited; if `isWhole`, all that there are to show. */
  readonly changed: readonly ShownMessage[];
  /** Ids of messages that are gone. */
  readonly removed: readonly string[];
  readonly isWhole: boolean;
  /** Whether there are older messages than those of a whole page. */
  readonly hasOlder: boolean;
  /** Why they cannot view the channel. A page that follows it may not know yet, so this is not an error. */
  readonly problem?: string;
}

/** Calls that read what people see. */
export function viewCalls(host: StudioHost) {
  return {
    /** People, servers, channels and commands if they changed since `known`, and who was pinged. */
    overview: defineCall(z.object({ known: z.string() }), ({ known }) => {
      const { windows } = discordOf(host);
      const revision = windows.surroundingsRevision();
      const surroundings = revision === known ? undefined : windows.surroundings();
      return { revision, surroundings, pings: windows.pings() };
    }),

    /** The state of someone's channels. */
    channels: defineCall(z.object({ userId: id }), ({ userId }) => {
      const { windows } = discordOf(host);
      const news = windows.news(userId);
      const { channels, people } = windows.surroundings();
      const visible = channels.filter((channel) => windows.mayView(userId, channel.id));
      const dmChannelId = people.find((person) => person.id === userId)?.dmChannelId;
      return {
        news,
        dmChannelId,
        channels: visible.map((channel) => ({
          id: channel.id,
          permissions: windows.permissions(userId, channel.id) ?? "0",
        })),
      };
    }),

    /** What changed in a channel after the event `since`; everything if that is 0. */
    changes: defineCall(
      z.object({ ...seat, since: z.int().check(z.gte(0)) }),
      ({ since, ...seated }): ChannelChanges => {
        const discord = discordOf(host);
        const { windows } = discord;
        const sequence = windows.newest();
        const channelId = findChannel(discord, seated);
        const nothing = { sequence, changed: [], removed: [], isWhole: true, hasOlder: false };
        if (channelId === undefined) return nothing;
        const problem = whyHidden(discord, seated.userId, channelId);
        if (problem !== undefined) return { ...nothing, sequence: 0, problem };
        const isKnown = since > 0 && since <= sequence && sequence - since <= MOST_EVENTS;
        if (!isKnown) {
          const { messages, hasOlder } = windows.page(seated.userId, channelId, PAGE);
          return { ...nothing, changed: messages, hasOlder };
        }
        const ids = new Set(windows.dismissed(seated.userId, channelId));
        for (const event of windows.eventsAfter(since)) {
          if ("messageId" in event && event.channelId === channelId) ids.add(event.messageId);
        }
        const found = [...ids].map((each) => windows.message(seated.userId, channelId, each));
        const changed = found.filter((message) => message !== undefined);
        const shown = new Set(changed.map((message) => message.id));
        const removed = [...ids].filter((each) => !shown.has(each));
        return { sequence, changed, removed, isWhole: false, hasOlder: false };
      },
    ),

    /** The channel's pinned messages, the last pinned one first. */
    pins: defineCall(z.object(seat), (seated) => {
      const discord = discordOf(host);
      const channelId = findChannel(discord, seated);
      if (channelId === undefined || whyHidden(discord, seated.userId, channelId)) return [];
      return discord.windows.pins(seated.userId, channelId);
    }),

    /** The events of the server that someone looks at, the next to begin first. */
    events: defineCall(z.object({ userId: id, guildId: id }), ({ userId, guildId }) =>
      discordOf(host).windows.events(userId, guildId),
    ),

    /** The messages before one. */
    older: defineCall(z.object({ ...seat, before: id }), ({ before, ...seated }) => {
      const discord = discordOf(host);
      const channelId = openChannel(discord, seated);
      return discord.windows.page(seated.userId, channelId, PAGE, before);
    }),

    /** Marks a channel as read. Answers the last message that had been read. */
    markRead: defineCall(z.object(seat), (seated) => {
      const discord = discordOf(host);
      const channelId = findChannel(discord, seated);
      if (channelId === undefined || whyHidden(discord, seated.userId, channelId)) return undefined;
      const before = discord.windows.lastRead(seated.userId, channelId);
      discord.windows.markRead(seated.userId, channelId);
      return before;
    }),

    /** Removes an ephemeral message from its reader's window. */
    dismiss: defineCall(z.object({ ...seat, messageId: id }), ({ messageId, ...seated }) => {
      const discord = discordOf(host);
      discord.windows.dismiss(seated.userId, openChannel(discord, seated), messageId);
    }),
  };
}
