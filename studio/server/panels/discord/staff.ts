import * as z from "zod/mini";
import { bringCast } from "../../../../local/demo/cast.ts";
import type { StudioHost } from "../../host.ts";
import { defineCall } from "../../panel.ts";
import { discordOf, id } from "./simulator.ts";

const name = z.string().check(z.trim(), z.minLength(1), z.maxLength(32));

/** Discord's permission by which someone belongs to the team. */
const MANAGE_SERVER = "32";

/** Calls that change who and what there is. */
export function staffCalls(host: StudioHost) {
  const discord = () => discordOf(host);
  const newId = () => discord().windows.newId();

  return {
    /** Adds the demo's people, with their Twitch accounts. */
    bringCast: defineCall(z.object({}), () => {
      const { stripe, twitch } = host.cloud;
      if (!stripe || !twitch) {
        throw new Error("The cast needs the simulated Twitch and the simulated Stripe.");
      }
      bringCast({ discord: discord(), stripe, twitch });
      host.save();
    }),

    /** Adds someone, or changes who they are. Answers their id. */
    savePerson: defineCall(
      z.object({
        id: z.optional(id),
        username: name,
        isStaff: z.boolean(),
        roles: z.array(id),
        dmsClosed: z.boolean(),
        sharesGuild: z.boolean(),
      }),
      ({ id: given, username, isStaff, ...rest }) => {
        const { people } = discord().windows.surroundings();
        const userId = given ?? newId();
        if (people.some((each) => each.username === username && each.id !== userId)) {
          throw new Error(`There is someone named ${username} already.`);
        }
        const permissions = isStaff ? MANAGE_SERVER : "0";
        discord().addUser({ id: userId, username, permissions, ...rest });
        return userId;
      },
    ),

    /** Adds a server with a channel. Answers the channel's id. */
    addServer: defineCall(z.object({ name, channel: name }), ({ name: named, channel }) => {
      const guildId = newId();
      discord().addGuild({ id: guildId, name: named });
      const channelId = newId();
      discord().addChannel({ id: channelId, guildId, name: channel });
      return channelId;
    }),

    /** Adds a channel to a server. Answers its id. */
    addChannel: defineCall(z.object({ guildId: id, name }), ({ guildId, name: named }) => {
      const channelId = newId();
      discord().addChannel({ id: channelId, guildId, name: named });
      return channelId;
    }),

    /** Deletes a channel, as staff would. */
    deleteChannel: defineCall(z.object({ channelId: id }), ({ channelId }) =>
      discord().deleteChannel(channelId),
    ),

    /** Changes what the bot may do in a channel, as staff would. */
    letBot: defineCall(
      z.object({ channelId: id, botMay: z.record(z.string(), z.boolean()) }),
      ({ channelId, botMay }) => {
        const { channels } = discord().windows.surroundings();
        const channel = channels.find((each) => each.id === channelId);
        if (!channel) throw new Error("There is no such channel.");
        const { kind: _, topic, ...rest } = channel;
        const changed = { ...rest.botMay, ...botMay };
        discord().addChannel({ ...rest, ...(topic && { topic }), botMay: changed });
      },
    ),

    /** Deletes a message that is visible to its whole channel, as staff would. */
    deleteMessage: defineCall(
      z.object({ channelId: id, messageId: id }),
      ({ channelId, messageId }) => discord().deleteMessage(channelId, messageId),
    ),
  };
}
