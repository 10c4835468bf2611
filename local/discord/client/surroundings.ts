import type { Command } from "../state/commands.ts";
import type { Membership } from "../state/directory.ts";
import type { Guild, GuildChannel, Role, User } from "../state/records.ts";
import type { World } from "../state/world.ts";

/** Someone with an account, and what matters of their membership. */
export interface Person extends User, Membership {
  /** Their DM channel with the bot, once either has opened it. */
  readonly dmChannelId: string | undefined;
}

/** Everything that rarely changes. */
export interface Surroundings {
  readonly bot: User;
  readonly guilds: readonly Guild[];
  readonly channels: readonly GuildChannel[];
  readonly roles: readonly Role[];
  readonly people: readonly Person[];
  /** The application's commands, by server. */
  readonly commands: readonly Command[];
}

/** Everything that rarely changes, as it is now. */
export function surroundingsOf({ directory, commands }: World): Surroundings {
  const channels = directory.channels();
  const dms = new Map(
    channels.flatMap((each) => (each.kind === "dm" ? [[each.userId, each.id] as const] : [])),
  );
  const guilds = directory.guilds();
  return {
    bot: directory.bot,
    guilds,
    channels: channels.filter((each) => each.kind === "guild"),
    roles: guilds.flatMap(({ id }) => directory.rolesOf(id)),
    people: directory.people().map((user) => ({
      ...user,
      ...directory.membership(user.id),
      dmChannelId: dms.get(user.id),
    })),
    commands: guilds.flatMap(({ id }) => commands.list(id)),
  };
}
