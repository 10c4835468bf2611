import { DiscordError } from "./errors.ts";
import type { Send } from "./send.ts";

/** Servers, their channels and their members. */
export function serverCalls(send: Send) {
  return {
    /** The server that a channel belongs to; undefined for a DM. */
    async guildOf(channelId: string): Promise<string | undefined> {
      const path = `/channels/${channelId}` as const;
      const answer = await send({ method: "GET", path, route: path });
      return (answer as { guild_id?: string }).guild_id;
    },

    /**
     * Whether someone is in a server that we are in.
     * https://discord.com/developers/docs/resources/guild#get-guild-member
     */
    async isMember(guildId: string, userId: string): Promise<boolean> {
      const route = `/guilds/${guildId}/members/{user}`;
      try {
        await send({ method: "GET", path: `/guilds/${guildId}/members/${userId}`, route });
        return true;
      } catch (error) {
        if (error instanceof DiscordError && error.isUnknownMember) return false;
        throw error;
      }
    },
  };
}
