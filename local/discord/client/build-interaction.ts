import { memberJson } from "../rest/member-json.ts";
import { channelJson, messageJson, userJson } from "../rest/message-json.ts";
import { ALL_BOT_PERMISSIONS, permissionBits, permissionsIn } from "../state/permissions.ts";
import type { Message } from "../state/records.ts";
import type { World } from "../state/world.ts";

/** The user who acts, and the channel. */
export interface Actor {
  /** The user's id. */
  readonly user: string;
  readonly channelId: string;
  /** The user's language; American English by default. */
  readonly locale?: string;
}

// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object-interaction-context-types
const IN_GUILD = 0;
const IN_BOT_DM = 1;
const ATTACHMENT_SIZE_LIMIT = 10 * 1024 * 1024;

/** What Discord assigns to a user's action, and the data it carries. */
export interface Action {
  readonly id: string;
  readonly token: string;
  readonly type: number;
  readonly data: object;
  readonly message?: Message | undefined;
}

/**
 * The complete interaction object that Discord sends for a user's action.
 * https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object-interaction-structure
 */
export function buildInteraction(
  { user: userId, channelId, locale }: Actor,
  action: Action,
  world: World,
) {
  const { directory, applicationId } = world;
  const channel = directory.channel(channelId);
  const user = userJson(directory.user(userId));
  const membership = directory.membership(userId);
  const common = {
    id: action.id,
    application_id: applicationId,
    type: action.type,
    data: action.data,
    channel: channelJson(channel, directory),
    channel_id: channelId,
    token: action.token,
    version: 1,
    ...(action.message && { message: messageJson(action.message, directory) }),
    locale: locale ?? "en-US",
    entitlements: [],
    authorizing_integration_owners: { "0": channel.kind === "guild" ? channel.guildId : "0" },
    attachment_size_limit: ATTACHMENT_SIZE_LIMIT,
  };
  if (channel.kind === "dm") {
    return {
      ...common,
      user,
      app_permissions: ALL_BOT_PERMISSIONS,
      context: IN_BOT_DM,
    };
  }
  const guild = directory.guild(channel.guildId);
  return {
    ...common,
    guild_id: guild.id,
    guild: { id: guild.id, locale: guild.locale, features: [] },
    guild_locale: guild.locale,
    member: {
      user,
      ...memberJson(membership),
      permissions: permissionsIn({ id: userId, ...membership }, guild, channel),
    },
    app_permissions: permissionBits(channel.botMay).allow,
    context: IN_GUILD,
  };
}
