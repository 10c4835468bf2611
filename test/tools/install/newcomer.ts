import { community, type TestCloud } from "../../support/cloud.ts";
import type { Script } from "./machine.ts";

const BUILDER = { id: "100000000000000777", twitchId: "9777", login: "first_builder" };
const GENERAL = "500000000000000099";

/** Invites the bot as the link says: Discord asks for a server, and gives the bot the link's permissions. */
export function invite(cloud: TestCloud, said: string): void {
  const [link = ""] = /https:\/\/discord\.com\/oauth2\/authorize\S+/g.exec(said) ?? [];
  const botPermissions = new URL(link).searchParams.get("permissions") ?? "0";
  cloud.discord.addGuild({ id: community.guildId, name: "C500", botPermissions });
  cloud.discord.addChannel({ id: GENERAL, guildId: community.guildId, name: "general" });
}

/** Registers as a builder at Twitch, goes live, and says so in Discord. */
export async function goLive(cloud: TestCloud): Promise<void> {
  const { discord, twitch } = cloud;
  discord.addUser({ id: BUILDER.id, username: BUILDER.login });
  twitch.addUser({ id: BUILDER.twitchId, login: BUILDER.login });
  twitch.goLive(BUILDER.login, { title: "Soldering" });
  const types = async (name: string, options: Record<string, string> = {}) => {
    const use = { user: BUILDER.id, channelId: GENERAL, name, options };
    const { id } = await discord.client.command(cloud.url("discord-interactions"), use);
    await cloud.settle();
    return JSON.stringify(discord.interaction(id));
  };
  const asked = await types("c500 register");
  const [, link = ""] = /"(https?:[^"]*\/authorize[^"]*)"/.exec(asked) ?? [];
  const back = twitch.signIn(link, BUILDER.login);
  const page = await (await cloud.fetch(back)).text();
  const [, code = ""] = /code:([\w-]+)/.exec(page) ?? [];
  await types("c500 register", { code });
  await types("c500 live", { context: "chat" });
  twitch.endStream(BUILDER.login);
}

/** Somebody who answers all six questions rightly and does what they are asked to. */
export function newcomer(cloud: TestCloud): Script {
  const { settings } = cloud;
  const both = (one: string, two: string) => `${settings[one]} ${settings[two]}`;
  return {
    typed: {
      "Google project:": settings["GOOGLE_CLOUD_PROJECT"] ?? "",
      "Which billing account": "1",
      "Discord bot:": both("DISCORD_BOT_TOKEN", "DISCORD_CLIENT_SECRET"),
      "Stripe keys:": both("STRIPE_SECRET_KEY", "STRIPE_READ_KEY"),
      "Twitch application:": both("TWITCH_CLIENT_ID", "TWITCH_CLIENT_SECRET"),
      "Upstash key:": both("UPSTASH_EMAIL", "UPSTASH_API_KEY"),
    },
    clicks: [
      [/the bot is in no server/, (said) => invite(cloud, said)],
      [/the bot is in C500, where/, () => undefined],
      [/nobody is a builder/, () => goLive(cloud)],
    ],
  };
}
