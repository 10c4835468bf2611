import { REST } from "@discordjs/rest";
import * as z from "zod/mini";
import { configOf, type Values } from "../../../settings/values.ts";
import type { AreaReport } from "../report.ts";
import { checkChannels } from "./channels.ts";
import { whatWentWrong } from "./error.ts";
import { type Permission, permissionNumber } from "./permissions.ts";

/** Discord with our bot's token, once the token has been checked. */
export interface DiscordAccess {
  readonly rest: REST;
  readonly applicationId: string;
  readonly guildId: string;
  readonly botToken: string;
  readonly apiBaseUrl: string;
  /** Where Discord sends interactions at present. */
  readonly endpointUrl: string | null;
  /** Where people may come back to after signing in. */
  readonly redirectUris: readonly string[];
  /** Whether the bot is in the community's server. */
  readonly isInGuild: boolean;
  /** The server's commands as Discord has them registered. */
  registeredCommands(): Promise<Readonly<Record<string, unknown>>[]>;
}

const application = z.object({
  id: z.string(),
  name: z.string(),
  verify_key: z.string(),
  bot: z.object({ id: z.string() }),
  interactions_endpoint_url: z.optional(z.nullable(z.string())),
  redirect_uris: z._default(z.array(z.string()), []),
});
const guild = z.object({
  id: z.string(),
  name: z.string(),
  owner_id: z.string(),
  roles: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      permissions: z.string(),
      mentionable: z.boolean(),
    }),
  ),
});
const member = z.object({ roles: z.array(z.string()) });

const REQUEST_TIMEOUT_MS = 15_000;
/**
 * All permissions the bot uses: for posts, boards with pictures, their pins, alerts, and events of drops; races and
 * auctions also use threads.
 */
export const INVITED_WITH: readonly Permission[] = [
  "VIEW_CHANNEL",
  "SEND_MESSAGES",
  "EMBED_LINKS",
  "ATTACH_FILES",
  "READ_MESSAGE_HISTORY",
  "MENTION_EVERYONE",
  "SEND_MESSAGES_IN_THREADS",
  "PIN_MESSAGES",
  "CREATE_EVENTS",
];

/**
 * Checks the bot's token, which application it belongs to, that the bot is in the server, and what it may
 * do in each channel. Returns access if the token is valid and belongs to the configured application.
 * https://discord.com/developers/docs/resources/application
 */
export async function checkDiscord(
  values: Values,
  area: AreaReport,
): Promise<DiscordAccess | undefined> {
  const config = configOf(values, [
    "DISCORD_APPLICATION_ID",
    "DISCORD_PUBLIC_KEY",
    "DISCORD_BOT_TOKEN",
    "DISCORD_API_BASE_URL",
    "DISCORD_GUILD_ID",
  ]);
  if (!config) return undefined;
  const { DISCORD_APPLICATION_ID: id, DISCORD_BOT_TOKEN: botToken } = config;
  const portal = `https://discord.com/developers/applications/${id}`;
  const apiBaseUrl = config.DISCORD_API_BASE_URL;
  const options = { version: "10", api: apiBaseUrl, timeout: REQUEST_TIMEOUT_MS };
  const rest = new REST(options).setToken(botToken);

  const self = await rest.get("/applications/@me").catch((error: unknown) => {
    area.wrong(
      `Discord does not accept the bot's token: ${whatWentWrong(error)}`,
      tokenRemedy(portal),
    );
  });
  if (self === undefined) return undefined;
  const { name, bot, ...facts } = application.parse(self);
  const isOwn = area.check(
    facts.id === id,
    `the bot's token is valid and belongs to the application ${name}`,
    `the bot's token belongs to the application ${name} (${facts.id}), not to DISCORD_APPLICATION_ID`,
    `Set DISCORD_APPLICATION_ID to ${facts.id}, or take the token from ${portal}/bot`,
  );
  if (!isOwn) return undefined;
  area.check(
    facts.verify_key.toLowerCase() === config.DISCORD_PUBLIC_KEY.toLowerCase(),
    "the public key belongs to the application",
    "DISCORD_PUBLIC_KEY does not belong to the application: every interaction would be refused",
    `Set it to ${facts.verify_key}, as ${portal}/information shows it`,
  );

  const guildId = config.DISCORD_GUILD_ID;
  const server = await readServer(rest, guildId, bot.id, area, inviteRemedy(id, guildId));
  if (server) await checkChannels(rest, server, values, area);
  return {
    rest,
    applicationId: id,
    guildId,
    botToken,
    apiBaseUrl,
    endpointUrl: facts.interactions_endpoint_url ?? null,
    redirectUris: facts.redirect_uris,
    isInGuild: server !== undefined,
    registeredCommands: async () => {
      const path = `/applications/${id}/guilds/${guildId}/commands` as const;
      return z.array(z.looseObject({})).parse(await rest.get(path));
    },
  };
}

async function readServer(
  rest: REST,
  guildId: string,
  botId: string,
  area: AreaReport,
  remedy: string,
) {
  try {
    const facts = guild.parse(await rest.get(`/guilds/${guildId}`));
    const { roles } = member.parse(await rest.get(`/guilds/${guildId}/members/${botId}`));
    area.ok(`the bot is in the server ${facts.name}`);
    return { guild: facts, member: { id: botId, roles } };
  } catch (error) {
    area.wrong(`the bot is not in the server ${guildId}: ${whatWentWrong(error)}`, remedy);
    return undefined;
  }
}

function tokenRemedy(portal: string): string {
  return `Create a new one with Reset Token at ${portal}/bot, and set DISCORD_BOT_TOKEN to it`;
}

function inviteRemedy(applicationId: string, guildId: string): string {
  const link = inviteLink(applicationId, INVITED_WITH, guildId);
  return `Check DISCORD_GUILD_ID, and invite the bot: ${link}`;
}

/** The link that invites the bot, or gives it further permissions. */
export function inviteLink(
  applicationId: string,
  permissions: readonly Permission[],
  guildId?: string,
): string {
  const query = new URLSearchParams({
    client_id: applicationId,
    scope: "bot applications.commands",
    permissions: permissionNumber(permissions),
    ...(guildId && { guild_id: guildId }),
  });
  return `https://discord.com/oauth2/authorize?${query}`;
}
