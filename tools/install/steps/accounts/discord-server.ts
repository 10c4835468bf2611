import { checkDiscord } from "../../../doctor/checks/discord/access.ts";
import type { GivenName, Values } from "../../../settings/values.ts";
import {
  type Bot,
  type Channel,
  connectBot,
  installLink,
  isForbidden,
  type NewChannel,
  TEXT,
} from "../../discord.ts";
import type { Installation } from "../../installation.ts";
import {
  BlockedError,
  blocked,
  done,
  missing,
  RUN_AGAIN,
  type Step,
  standingOf,
} from "../../step.ts";

/** Ends the topic of a channel that was created here, and may be deleted here. */
const MARK = "(created by ./dev install)";
const ROLE = "c500 drops";

/** The channels that the settings name. One of the same name is used, otherwise one is created. */
const CHANNELS: readonly (NewChannel & { readonly setting: GivenName })[] = [
  {
    setting: "DISCORD_GENERAL_CHANNEL_ID",
    name: "general",
    topic: "Hangouts and everything else",
    isPrivate: false,
  },
  {
    setting: "DISCORD_MARKETPLACE_CHANNEL_ID",
    name: "marketplace",
    topic: "Drops",
    isPrivate: false,
  },
  {
    setting: "DISCORD_ORDERS_CHANNEL_ID",
    name: "orders",
    topic: "For buyers whose DMs are closed",
    isPrivate: false,
  },
  {
    setting: "DISCORD_OPERATORS_CHANNEL_ID",
    name: "operators",
    topic: "What needs a person",
    isPrivate: true,
  },
];
/** All of them, for people. */
const MADE = [...CHANNELS.map(({ name }) => `#${name}`), `@${ROLE}`].join(", ");
const ROLE_SETTING: GivenName = "DISCORD_DROP_ROLE_ID";
const SETTINGS: readonly GivenName[] = [...CHANNELS.map(({ setting }) => setting), ROLE_SETTING];

/**
 * The community's server. Channels and commands are made there, and the bot may be in another one for trying things
 * out: the person confirms the only one that it is in, or chooses.
 */
export const discordServer: Step = {
  name: "Discord server",
  async check(installation) {
    const { DISCORD_GUILD_ID: chosen } = installation.values;
    const servers = await botOf(installation).servers();
    const found = servers.find(({ id }) => id === chosen);
    if (found) return done(found.name);
    if (chosen !== undefined) {
      const origin = installation.originOf("DISCORD_GUILD_ID");
      return blocked(
        `the bot is not in the server ${chosen}, which DISCORD_GUILD_ID from ${origin} names`,
        `For another server press Ctrl+C, remove DISCORD_GUILD_ID and the ids of channels and role there, and run ./dev install again. To let the bot into this one, open ${linkOf(installation)}`,
      );
    }
    const names = servers.map(({ name }) => name).join(", ");
    if (servers.length > 0) return missing(`the bot is in ${names}`);
    return blocked(
      "the bot is in no server yet",
      `Open this, choose your community's server, and authorise: ${linkOf(installation)}`,
    );
  },
  async run(installation) {
    installation.keep({ DISCORD_GUILD_ID: await chooseServer(installation) });
  },
};

/** Channels and the role that drop alerts ping. */
export const discordChannels: Step = {
  name: "Discord channels and role",
  async check(installation) {
    const absent = SETTINGS.filter((setting) => installation.values[setting] === undefined);
    return absent.length === 0 ? done(MADE) : missing(`finding or creating ${MADE}`);
  },
  async run(installation) {
    const bot = botOf(installation);
    const { DISCORD_GUILD_ID: server = "", DISCORD_APPLICATION_ID: botId = "" } =
      installation.values;
    try {
      const existing = await bot.channels(server);
      for (const wanted of CHANNELS) {
        if (installation.values[wanted.setting] !== undefined) continue;
        const usable = existing.find(({ name, type }) => name === wanted.name && type === TEXT);
        const made = { ...wanted, topic: `${wanted.topic} ${MARK}` };
        const { id } = usable ?? (await bot.createChannel(server, botId, made));
        installation.keep({ [wanted.setting]: id });
      }
      if (installation.values[ROLE_SETTING] !== undefined) return;
      const role = (await bot.roles(server)).find(({ name }) => name === ROLE);
      const { id } = role ?? (await bot.createRole(server, ROLE));
      installation.keep({ [ROLE_SETTING]: id });
    } catch (error) {
      if (!isForbidden(error)) throw error;
      throw new BlockedError(
        "the bot may not create channels and roles",
        `Open this and authorise, which gives it the permissions: ${linkOf(installation)}. Or put the ids of your own channels and role into c500.env`,
      );
    }
  },
  async undo(installation) {
    const bot = connectBot(installation.values);
    const { DISCORD_GUILD_ID: server } = installation.values;
    if (!bot || server === undefined) return undefined;
    if (!(await bot.servers()).some(({ id }) => id === server)) return undefined;
    const channels = (await bot.channels(server)).filter(isOurs);
    for (const { id } of channels) await bot.deleteChannel(id);
    const roles = (await bot.roles(server)).filter(({ name }) => name === ROLE);
    for (const { id } of roles) await bot.deleteRole(server, id);
    const gone = [
      ...channels.map(({ name }) => `#${name}`),
      ...roles.map(({ name }) => `@${name}`),
    ];
    return gone.length > 0 ? `deleted at Discord: ${gone.join(", ")}` : undefined;
  },
};

/** The server that the person confirms or chooses; the bot may be let into another one meanwhile. */
async function chooseServer(installation: Installation): Promise<string> {
  const { person } = installation.context;
  let shown: string | undefined;
  for (;;) {
    const servers = await installation.patiently(() => botOf(installation).servers());
    const [only] = servers;
    if (!only || servers.length > 1) {
      const choices = servers.map(({ id, name: title }) => ({ id, title }));
      return await person.choose(
        "Which server is the community's?",
        choices,
        "set DISCORD_GUILD_ID in c500.env",
      );
    }
    if (only.id === shown) return only.id;
    await person.confirm(
      `Discord server: the bot is in ${only.name}, where its channels and commands will be`,
      `If your community's server is another one, let the bot into it before you press Enter: ${linkOf(installation)}`,
      `set DISCORD_GUILD_ID=${only.id} in c500.env`,
    );
    shown = only.id;
  }
}

/** What the bot may do in each channel, as doctor checks it. */
export const discordPermissions: Step = {
  name: "Discord permissions",
  async check(installation) {
    const standing = await standingOf("the bot has all that it needs", "blocked", (area) =>
      checkDiscord(installation.values, area),
    );
    if (standing.kind !== "blocked") return standing;
    const remedy = `${standing.remedy}. For all channels at once: ${linkOf(installation)}`;
    return { ...standing, remedy };
  },
};

/** Settings that a removal forgets: what they name is gone, or was found by name. */
export const discordSettings: readonly GivenName[] = ["DISCORD_GUILD_ID", ...SETTINGS];

function isOurs({ topic }: Channel): boolean {
  return topic?.endsWith(MARK) === true;
}

function linkOf({ values }: { readonly values: Values }): string {
  return installLink(values.DISCORD_APPLICATION_ID ?? "", values.DISCORD_GUILD_ID);
}

function botOf({ values }: Installation): Bot {
  const bot = connectBot(values);
  if (!bot) throw new BlockedError("no bot token is known", RUN_AGAIN);
  return bot;
}
