import type { OutgoingMessage } from "../../shared/clients/discord.ts";
import { eventSubCallback } from "../../shared/clients/event-sub-callback.ts";
import { TwitchRefusedError, TwitchUnavailableError } from "../../shared/clients/twitch.ts";
import type { DiscordCommand } from "../../shared/events/discord-command.ts";
import { registeredText, registerRefusalTexts } from "../../shared/messages/builders.ts";
import { registeredNotice } from "../../shared/messages/operators.ts";
import { type SendDeps, sendOnce } from "../../shared/messages/send-once.ts";
import type { ShopDeps } from "./shop-deps.ts";

type RegisterDeps = SendDeps & Pick<ShopDeps, "twitch" | "builders" | "releases" | "config">;

/** https://help.twitch.tv/s/article/creating-an-account-with-twitch */
const TWITCH_NAME = /^[a-z0-9_]{2,25}$/;

/**
 * `/c500 register`: makes a builder, tells the operators who it is, asks Twitch to tell us of their streams, and whether one is
 * running. Doing it again writes the same and asks for the same. Dying before Twitch was asked: the repeat asks.
 */
export async function register(
  { userId, options }: DiscordCommand,
  deps: RegisterDeps,
): Promise<OutgoingMessage> {
  const login = nameIn(String(options["twitch"] ?? ""));
  if (!TWITCH_NAME.test(login)) return { content: registerRefusalTexts["bad-name"] };
  try {
    const channel = await deps.twitch.findUser(login);
    if (!channel) return { content: registerRefusalTexts["no-such-channel"] };
    const before = await deps.builders.get(userId);
    const isMove = before?.twitchUserId !== undefined && before.twitchUserId !== channel.userId;
    if (isMove && (await deps.releases.waitingOf(userId)).length > 0) {
      return { content: registerRefusalTexts["money-held"] };
    }
    const isTheirs = await deps.builders.register(userId, channel, deps.clock.now());
    if (!isTheirs) return { content: registerRefusalTexts.taken };
    const { FUNCTIONS_BASE_URL: base, TWITCH_EVENTSUB_SECRET: secrets } = deps.config;
    await deps.twitch.subscribe(channel.userId, eventSubCallback(base, secrets));
    const stream = await deps.twitch.liveStream({ userId: channel.userId });
    const status = { isLive: stream !== undefined, streamId: stream?.id, at: deps.clock.now() };
    await deps.builders.recordStreamStatus(userId, status);
    const notice = registeredNotice(userId, channel.login);
    const operators = async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID;
    await sendOnce(`registered:${userId}:${channel.userId}`, operators, notice, deps);
    return { content: registeredText(channel.login, await deps.builders.get(userId)) };
  } catch (error) {
    if (error instanceof TwitchUnavailableError) {
      return { content: registerRefusalTexts["twitch-unavailable"] };
    }
    if (error instanceof TwitchRefusedError) return { content: registerRefusalTexts["bad-name"] };
    throw error;
  }
}

/** The name in what was typed: people paste links, and write an @ before it. */
function nameIn(typed: string): string {
  return typed
    .trim()
    .toLowerCase()
    .replace(/^(https?:\/\/)?(www\.|m\.)?twitch\.tv\//, "")
    .replace(/^@/, "")
    .replace(/[/?#].*$/, "");
}
