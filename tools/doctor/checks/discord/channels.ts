import { DiscordAPIError, type REST } from "@discordjs/rest";
import * as z from "zod/mini";
import { configOf, type Values } from "../../../settings/values.ts";
import type { AreaReport } from "../report.ts";
import { whatWentWrong } from "./error.ts";
import {
  type GuildFacts,
  type MemberFacts,
  mayDo,
  type Permission,
  permissionNames,
  permissionsIn,
} from "./permissions.ts";

/** The server, and the bot's membership in it. */
interface Server {
  readonly guild: Omit<GuildFacts, "roles"> & {
    readonly name: string;
    readonly roles: readonly (GuildFacts["roles"][number] & {
      readonly name: string;
      readonly mentionable: boolean;
    })[];
  };
  readonly member: MemberFacts;
}

/** A channel that a setting names, and why the bot needs each permission there. */
interface ChannelNeed {
  readonly setting: `DISCORD_${"GENERAL" | "MARKETPLACE" | "ORDERS" | "OPERATORS"}_CHANNEL_ID`;
  readonly needs: Partial<Record<Permission, string>>;
}

const everywhere = (what: string) => ({
  VIEW_CHANNEL: "to find the channel",
  SEND_MESSAGES: `to post ${what}`,
  EMBED_LINKS: "to show their cards",
});

const CHANNELS: readonly ChannelNeed[] = [
  {
    setting: "DISCORD_GENERAL_CHANNEL_ID",
    needs: { ...everywhere("hangouts"), PIN_MESSAGES: "to pin an auction's board while it runs" },
  },
  {
    setting: "DISCORD_MARKETPLACE_CHANNEL_ID",
    needs: {
      ...everywhere("drops"),
      ATTACH_FILES: "to show a drop's picture",
      READ_MESSAGE_HISTORY: "to keep a drop's picture on the site",
    },
  },
  {
    setting: "DISCORD_ORDERS_CHANNEL_ID",
    needs: everywhere("messages for buyers with closed DMs"),
  },
  {
    setting: "DISCORD_OPERATORS_CHANNEL_ID",
    needs: {
      ...everywhere("what an operator has to do"),
      ATTACH_FILES: "to keep the pictures of what buyers report",
    },
  },
];

/** Text and announcement channels: https://discord.com/developers/docs/resources/channel#channel-object-channel-types */
const POSTABLE_TYPES = [0, 5];
const MISSING_ACCESS = 50001;

const channel = z.object({
  id: z.string(),
  name: z.string(),
  type: z.int(),
  guild_id: z.string(),
  permission_overwrites: z.array(
    z.object({ id: z.string(), type: z.int(), allow: z.string(), deny: z.string() }),
  ),
});

/**
 * Checks that each channel exists, what the bot may do in it, that it may ping the drop role, and that it may create
 * events.
 */
export async function checkChannels(
  rest: REST,
  server: Server,
  values: Values,
  area: AreaReport,
): Promise<void> {
  const allowed = new Map<ChannelNeed["setting"], bigint>();
  for (const need of CHANNELS) {
    const permissions = await checkChannel(rest, server, need, values, area);
    if (permissions !== undefined) allowed.set(need.setting, permissions);
  }
  checkRole(server, values, allowed.get("DISCORD_MARKETPLACE_CHANNEL_ID"), area);
  area.check(
    mayDo(permissionsIn(server.guild, server.member, []), "CREATE_EVENTS"),
    "the bot may announce drops among the server's events",
    `the bot lacks "${permissionNames.CREATE_EVENTS}": drops that open later are not among the server's events`,
    `Server Settings, Roles, the bot's role, allow "${permissionNames.CREATE_EVENTS}"`,
  );
}

async function checkChannel(
  rest: REST,
  { guild, member }: Server,
  { setting, needs }: ChannelNeed,
  values: Values,
  area: AreaReport,
): Promise<bigint | undefined> {
  const id = configOf(values, [setting])?.[setting];
  if (id === undefined) return undefined;
  try {
    const found = channel.parse(await rest.get(`/channels/${id}`));
    const isUsable = found.guild_id === guild.id && POSTABLE_TYPES.includes(found.type);
    if (!isUsable) {
      const what = `${setting}: #${found.name} is not a text channel of the server ${guild.name}`;
      area.wrong(what, `Set ${setting} to one of its text channels`);
      return undefined;
    }
    const allowed = permissionsIn(guild, member, found.permission_overwrites);
    const missing = (Object.keys(needs) as Permission[]).filter((each) => !mayDo(allowed, each));
    for (const each of missing) {
      const what = `the bot lacks "${permissionNames[each]}" in #${found.name}, ${needs[each]}`;
      area.wrong(
        what,
        `Edit the channel, Permissions, add the bot, allow "${permissionNames[each]}"`,
      );
    }
    if (missing.length === 0)
      area.ok(`the bot has all permissions it needs in #${found.name} (${setting})`);
    return allowed;
  } catch (error) {
    const isHidden = error instanceof DiscordAPIError && error.code === MISSING_ACCESS;
    if (isHidden) {
      const what = `the bot lacks "${permissionNames.VIEW_CHANNEL}" in the channel ${id} (${setting})`;
      area.wrong(what, "Edit the channel, Permissions, add the bot, allow what it needs");
    } else {
      const what = `${setting}: there is no channel ${id}: ${whatWentWrong(error)}`;
      area.wrong(what, `Copy the channel's id in Discord and set ${setting} to it`);
    }
    return undefined;
  }
}

function checkRole(
  { guild }: Server,
  values: Values,
  inMarketplace: bigint | undefined,
  area: AreaReport,
): void {
  const id = configOf(values, ["DISCORD_DROP_ROLE_ID"])?.DISCORD_DROP_ROLE_ID;
  if (id === undefined) return;
  const role = guild.roles.find((each) => each.id === id);
  if (!role) {
    area.wrong(
      `DISCORD_DROP_ROLE_ID: the server has no role ${id}`,
      "Copy the role's id from Server Settings, Roles, and set DISCORD_DROP_ROLE_ID to it",
    );
    return;
  }
  const mayPing =
    role.mentionable || (inMarketplace !== undefined && mayDo(inMarketplace, "MENTION_EVERYONE"));
  area.check(
    mayPing,
    `the bot may ping @${role.name}`,
    `the bot may not ping @${role.name}: a drop alert would reach nobody`,
    `Server Settings, Roles, ${role.name}: allow anyone to mention it; or allow the bot "${permissionNames.MENTION_EVERYONE}" in the marketplace channel`,
  );
}
