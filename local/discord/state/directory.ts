import type { PersistentState } from "../../kit/persistent-state.ts";
import { refusals } from "../discord-error.ts";
import { INVITED_WITH, type Overwrite } from "./permissions.ts";
import type {
  BotPermissions,
  Channel,
  DmChannel,
  Guild,
  GuildChannel,
  Role,
  User,
} from "./records.ts";
import type { Snowflakes } from "./snowflakes.ts";

/** A server to add. */
export interface NewGuild {
  readonly id: string;
  readonly name?: string;
  readonly ownerId?: string;
  readonly locale?: string;
  /** What the bot's invitation added to the permissions of @everyone, as Discord's bit set: by default, events. */
  readonly botPermissions?: string;
}

/** A user to add; by default accepts DMs and is a member of every server. */
export interface NewUser {
  readonly id: string;
  readonly username?: string;
  readonly globalName?: string;
  readonly bot?: boolean;
  /** Whether DMs are refused with 50007. */
  readonly dmsClosed?: boolean;
  /** Whether the user shares a server with the bot. Otherwise DMs are refused with 50278. */
  readonly sharesGuild?: boolean;
  readonly roles?: readonly string[];
  /** Permissions that the user's roles add to those of @everyone, as Discord's bit set. */
  readonly permissions?: string;
}

/** A channel to add; by default a text channel in which the bot has every permission. */
export interface NewChannel {
  readonly id: string;
  readonly guildId: string;
  readonly name?: string;
  readonly type?: number;
  readonly botMay?: Partial<BotPermissions>;
  /** Permission overwrites for members; a thread has those of its parent. */
  readonly overwrites?: readonly Overwrite[];
  readonly topic?: string;
}

/** A role to add; by default members cannot mention it. */
export interface NewRole {
  readonly id: string;
  readonly guildId: string;
  readonly name?: string;
  readonly mentionable?: boolean;
}

/** The user's settings and permissions that matter to the bot. */
export interface Membership {
  readonly dmsClosed: boolean;
  readonly sharesGuild: boolean;
  readonly roles: readonly string[];
  readonly permissions: string;
}

const EVERYTHING: BotPermissions = {
  viewChannel: true,
  sendMessages: true,
  embedLinks: true,
  attachFiles: true,
  mentionEveryone: true,
  manageMessages: true,
  pinMessages: true,
};

/** Servers, channels, roles and users. Looking up one that does not exist throws. */
export class Directory {
  readonly bot: User;
  #snowflakes: Snowflakes;
  #guilds = new Map<string, Guild>();
  #channels = new Map<string, Channel>();
  /** The DM channels by their user. */
  #dms = new Map<string, DmChannel>();
  #roles = new Map<string, Role>();
  #users = new Map<string, User>();
  #memberships = new Map<string, Membership>();
  #revision = 0;

  constructor(snowflakes: Snowflakes, applicationId: string) {
    this.#snowflakes = snowflakes;
    this.bot = this.addUser({ id: applicationId, username: "c500", bot: true });
  }

  persistIn(state: PersistentState): void {
    state.maps("discord.directory", {
      guilds: this.#guilds,
      channels: this.#channels,
      dms: this.#dms,
      roles: this.#roles,
      users: this.#users,
      memberships: this.#memberships,
    });
  }

  /** Changes with every change of the directory. */
  get revision(): number {
    return this.#revision;
  }

  /** Adds a server in which the bot is, or replaces it, for example to change the bot's permissions. */
  addGuild(added: NewGuild): Guild {
    const {
      id,
      name = "Server",
      ownerId = id,
      locale = "en-US",
      botPermissions = INVITED_WITH,
    } = added;
    const guild = { id, name, ownerId, locale, botPermissions };
    this.#guilds.set(id, guild);
    this.#revision += 1;
    return guild;
  }

  /** Removes a server with its channels and roles. */
  removeGuild(id: string): void {
    for (const channel of this.channelsOf(id)) this.#channels.delete(channel.id);
    for (const role of this.rolesOf(id)) this.#roles.delete(role.id);
    this.#guilds.delete(id);
    this.#revision += 1;
  }

  /** Adds or replaces a user, for example to open or close their DMs. */
  addUser(added: NewUser): User {
    const user: User = {
      id: added.id,
      username: added.username ?? `user${added.id}`,
      global_name: added.globalName ?? null,
      discriminator: "0",
      avatar: null,
      bot: added.bot ?? false,
    };
    this.#users.set(user.id, user);
    this.#revision += 1;
    this.#memberships.set(user.id, {
      dmsClosed: added.dmsClosed ?? false,
      sharesGuild: added.sharesGuild ?? true,
      roles: added.roles ?? [],
      permissions: added.permissions ?? "0",
    });
    return user;
  }

  /** Adds or replaces a channel, for example to change its permissions. */
  addChannel(added: NewChannel): GuildChannel {
    const { id, guildId, name = "channel", type = 0, botMay, overwrites = [], topic } = added;
    if (!this.#guilds.has(guildId)) this.addGuild({ id: guildId });
    const permissions = { ...EVERYTHING, ...botMay };
    const shape = { id, guildId, name, type, overwrites, topic };
    const channel: GuildChannel = { kind: "guild", ...shape, botMay: permissions };
    this.#channels.set(id, channel);
    this.#revision += 1;
    return channel;
  }

  /** Deletes a server's channel, as staff would. Afterwards it is unknown. */
  deleteChannel(id: string): void {
    if (this.channel(id).kind !== "guild") return;
    this.#channels.delete(id);
    this.#revision += 1;
  }

  addRole({ id, guildId, name = "role", mentionable = false }: NewRole): Role {
    if (!this.#guilds.has(guildId)) this.addGuild({ id: guildId });
    const role = { id, guildId, name, mentionable };
    this.#roles.set(id, role);
    this.#revision += 1;
    return role;
  }

  deleteRole(id: string): void {
    this.#roles.delete(id);
    this.#revision += 1;
  }

  /** A new id, as Discord gives them. */
  newId(): string {
    return this.#snowflakes.next();
  }

  /** Finds a server. Throws 10004 when it is unknown. */
  guild(id: string): Guild {
    const guild = this.#guilds.get(id);
    if (!guild) throw refusals.unknownGuild();
    return guild;
  }

  hasChannel(id: string): boolean {
    return this.#channels.has(id);
  }

  channel(id: string): Channel {
    const channel = this.#channels.get(id);
    if (!channel) throw refusals.unknownChannel();
    return channel;
  }

  user(id: string): User {
    const user = this.#users.get(id);
    if (!user) throw refusals.unknownUser();
    return user;
  }

  /** A user's membership, which is the same in every server. */
  membership(userId: string): Membership {
    const membership = this.#memberships.get(userId);
    if (!membership) throw refusals.unknownUser();
    return membership;
  }

  /** Every user that is no bot. */
  people(): User[] {
    return [...this.#users.values()].filter(({ bot }) => !bot);
  }

  knowsUser(id: string): boolean {
    return this.#users.has(id);
  }

  role(id: string): Role | undefined {
    return this.#roles.get(id);
  }

  /** Every server. */
  guilds(): Guild[] {
    return [...this.#guilds.values()];
  }

  /** Every channel, including DMs. */
  channels(): Channel[] {
    return [...this.#channels.values()];
  }

  channelsOf(guildId: string): GuildChannel[] {
    return [...this.#channels.values()].filter(
      (channel): channel is GuildChannel => channel.kind === "guild" && channel.guildId === guildId,
    );
  }

  rolesOf(guildId: string): Role[] {
    return [...this.#roles.values()].filter((role) => role.guildId === guildId);
  }

  /** The DM channel with a user, if the bot has opened it. */
  dmWith(userId: string): DmChannel | undefined {
    return this.#dms.get(userId);
  }

  /** Opens the DM channel with a user, or returns the open one. Does not check for closed DMs. */
  openDm(userId: string): { channel: DmChannel; isNew: boolean } {
    if (this.user(userId).bot) throw refusals.invalidRecipient();
    const open = this.dmWith(userId);
    if (open) return { channel: open, isNew: false };
    const channel: DmChannel = { kind: "dm", id: this.#snowflakes.next(), userId };
    this.#channels.set(channel.id, channel);
    this.#dms.set(userId, channel);
    this.#revision += 1;
    return { channel, isNew: true };
  }
}
