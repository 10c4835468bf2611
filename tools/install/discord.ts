import { DiscordAPIError, REST } from "@discordjs/rest";
import * as z from "zod/mini";
import { INVITED_WITH, inviteLink } from "../doctor/checks/discord/access.ts";
import { type Permission, permissionNumber } from "../doctor/checks/discord/permissions.ts";
import { configOf, type Values } from "../settings/values.ts";

const application = z.object({
  id: z.string(),
  name: z.string(),
  verify_key: z.string(),
  redirect_uris: z._default(z.array(z.string()), []),
});
const server = z.object({ id: z.string(), name: z.string() });
const channel = z.object({
  id: z.string(),
  name: z._default(z.string(), ""),
  type: z.int(),
  topic: z.optional(z.nullable(z.string())),
});
const role = z.object({ id: z.string(), name: z.string() });

export type Application = z.infer<typeof application>;
export type Server = z.infer<typeof server>;
export type Channel = z.infer<typeof channel>;
export type Role = z.infer<typeof role>;

const REQUEST_TIMEOUT_MS = 15_000;
/** A text channel. */
export const TEXT = 0;
/** The kinds of permission overwrites. */
const OF_ROLE = 0;
const OF_MEMBER = 1;
const NOT_FOUND = 404;

/** What the bot is invited with: what it needs to work, and what it needs to create channels and the role. */
const TO_INSTALL: readonly Permission[] = [...INVITED_WITH, "MANAGE_CHANNELS", "MANAGE_ROLES"];
/** What the bot may do in a channel that nobody else may see. */
const IN_PRIVATE: readonly Permission[] = [
  "VIEW_CHANNEL",
  "SEND_MESSAGES",
  "EMBED_LINKS",
  "ATTACH_FILES",
  "READ_MESSAGE_HISTORY",
];

/** A channel to create. */
export interface NewChannel {
  readonly name: string;
  readonly topic: string;
  /** Whether only staff and the bot may see it. */
  readonly isPrivate: boolean;
}

/** Discord with the bot's token. Methods throw DiscordAPIError. */
export interface Bot {
  application(): Promise<Application>;
  servers(): Promise<Server[]>;
  channels(serverId: string): Promise<Channel[]>;
  createChannel(serverId: string, botId: string, channel: NewChannel): Promise<Channel>;
  deleteChannel(id: string): Promise<void>;
  roles(serverId: string): Promise<Role[]>;
  /** Creates a role that everyone may mention. */
  createRole(serverId: string, name: string): Promise<Role>;
  deleteRole(serverId: string, id: string): Promise<void>;
}

/** Undefined while no token is known. https://discord.com/developers/docs/resources/guild */
export function connectBot(values: Values): Bot | undefined {
  const config = configOf(values, ["DISCORD_BOT_TOKEN", "DISCORD_API_BASE_URL"]);
  if (!config) return undefined;
  const options = {
    version: "10",
    api: config.DISCORD_API_BASE_URL,
    timeout: REQUEST_TIMEOUT_MS,
  };
  const rest = new REST(options).setToken(config.DISCORD_BOT_TOKEN);
  return {
    application: async () => application.parse(await rest.get("/applications/@me")),
    servers: async () => z.array(server).parse(await rest.get("/users/@me/guilds")),
    channels: async (id) => z.array(channel).parse(await rest.get(`/guilds/${id}/channels`)),
    createChannel: async (serverId, botId, { name, topic, isPrivate }) => {
      const hidden = { id: serverId, type: OF_ROLE, deny: permissionNumber(["VIEW_CHANNEL"]) };
      const shown = { id: botId, type: OF_MEMBER, allow: permissionNumber(IN_PRIVATE) };
      const permission_overwrites = isPrivate ? [hidden, shown] : [];
      const body = { name, topic, type: TEXT, permission_overwrites };
      return channel.parse(await rest.post(`/guilds/${serverId}/channels`, { body }));
    },
    deleteChannel: (id) => unlessGone(rest.delete(`/channels/${id}`)),
    roles: async (id) => z.array(role).parse(await rest.get(`/guilds/${id}/roles`)),
    createRole: async (id, name) => {
      const body = { name, mentionable: true, permissions: "0" };
      return role.parse(await rest.post(`/guilds/${id}/roles`, { body }));
    },
    deleteRole: (serverId, id) => unlessGone(rest.delete(`/guilds/${serverId}/roles/${id}`)),
  };
}

/** The link with which a person lets the bot into a server, or gives it more permissions there. */
export function installLink(applicationId: string, serverId?: string): string {
  return inviteLink(applicationId, TO_INSTALL, serverId);
}

/** Whether Discord refused because the bot lacks a permission, or may not see something. */
export function isForbidden(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.status === 403;
}

async function unlessGone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof DiscordAPIError && error.status === NOT_FOUND)) throw error;
  }
}
