import * as z from "zod/mini";
import { refusals } from "../../../../local/discord/discord-error.ts";
import type { DiscordSimulator } from "../../../../local/discord/index.ts";
import type { StudioHost } from "../../host.ts";

/** The simulator. Throws if this cloud uses another Discord. */
export function discordOf({ cloud: { discord } }: StudioHost): DiscordSimulator {
  if (discord) return discord;
  throw new Error(
    "This cloud uses another Discord. Unset DISCORD_API_BASE_URL to use the simulated one.",
  );
}

/** A Discord id. */
export const id = z.string().check(z.regex(/^\d{1,20}$/));

/** The name of someone's DM channel with the bot, which may not be open yet. */
const DM = "dm";

/** Someone, and the channel they look at. */
export const seat = { userId: id, channelId: z.union([id, z.literal(DM)]) };

/** The id of the channel that someone looks at; undefined for a DM that is not open. */
export function findChannel(
  discord: DiscordSimulator,
  { userId, channelId }: { readonly userId: string; readonly channelId: string },
): string | undefined {
  return channelId === DM ? discord.windows.dmOf(userId) : channelId;
}

/** Why someone cannot view a channel: it was deleted, or it is not open to them. Undefined if they can. */
export function whyHidden(
  { windows }: DiscordSimulator,
  userId: string,
  channelId: string,
): string | undefined {
  if (!windows.hasChannel(channelId)) return refusals.unknownChannel().message;
  return windows.mayView(userId, channelId) ? undefined : refusals.missingAccess().message;
}

/** The id of the channel that someone looks at; opens the DM if it is not open. */
export function openChannel(
  discord: DiscordSimulator,
  seated: { readonly userId: string; readonly channelId: string },
): string {
  return findChannel(discord, seated) ?? discord.windows.openDm(seated.userId);
}
