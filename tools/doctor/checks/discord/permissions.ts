/** https://discord.com/developers/docs/topics/permissions#permissions-bitwise-permission-flags */
const BITS = {
  ADMINISTRATOR: 1n << 3n,
  MANAGE_CHANNELS: 1n << 4n,
  VIEW_CHANNEL: 1n << 10n,
  SEND_MESSAGES: 1n << 11n,
  EMBED_LINKS: 1n << 14n,
  ATTACH_FILES: 1n << 15n,
  READ_MESSAGE_HISTORY: 1n << 16n,
  MENTION_EVERYONE: 1n << 17n,
  MANAGE_ROLES: 1n << 28n,
  SEND_MESSAGES_IN_THREADS: 1n << 38n,
  CREATE_EVENTS: 1n << 44n,
  PIN_MESSAGES: 1n << 51n,
} as const;

export type Permission = keyof typeof BITS;

/** The names in Discord's settings. */
export const permissionNames: Readonly<Record<Permission, string>> = {
  ADMINISTRATOR: "Administrator",
  MANAGE_CHANNELS: "Manage Channels",
  VIEW_CHANNEL: "View Channel",
  SEND_MESSAGES: "Send Messages",
  EMBED_LINKS: "Embed Links",
  ATTACH_FILES: "Attach Files",
  READ_MESSAGE_HISTORY: "Read Message History",
  MENTION_EVERYONE: "Mention @everyone, @here, and All Roles",
  MANAGE_ROLES: "Manage Roles",
  SEND_MESSAGES_IN_THREADS: "Send Messages in Threads",
  CREATE_EVENTS: "Create Events",
  PIN_MESSAGES: "Pin Messages",
};

/** A server's roles; the @everyone role has the server's own id. */
export interface GuildFacts {
  readonly id: string;
  readonly owner_id: string;
  readonly roles: readonly { readonly id: string; readonly permissions: string }[];
}

/** The roles of the bot. */
export interface MemberFacts {
  readonly id: string;
  readonly roles: readonly string[];
}

/** What a channel allows and denies to a role (0) or a member (1). */
export interface Overwrite {
  readonly id: string;
  readonly type: number;
  readonly allow: string;
  readonly deny: string;
}

const EVERYTHING = ~0n;

/**
 * What a member may do in a channel: the permissions of all their roles, then the channel's overwrites for
 * everyone, for the member's roles, and for the member.
 * https://discord.com/developers/docs/topics/permissions#permission-overwrites
 */
export function permissionsIn(
  guild: GuildFacts,
  member: MemberFacts,
  overwrites: readonly Overwrite[],
): bigint {
  const own = new Set([guild.id, ...member.roles]);
  const base = guild.roles
    .filter(({ id }) => own.has(id))
    .reduce((all, { permissions }) => all | BigInt(permissions), 0n);
  if (guild.owner_id === member.id || (base & BITS.ADMINISTRATOR) !== 0n) return EVERYTHING;
  const everyone = overwrites.filter(({ id }) => id === guild.id);
  const ofRoles = overwrites.filter(
    ({ id, type }) => type === 0 && id !== guild.id && member.roles.includes(id),
  );
  const ofMember = overwrites.filter(({ id, type }) => type === 1 && id === member.id);
  return [everyone, ofRoles, ofMember].reduce((allowed, layer) => {
    const deny = layer.reduce((all, each) => all | BigInt(each.deny), 0n);
    const allow = layer.reduce((all, each) => all | BigInt(each.allow), 0n);
    return (allowed & ~deny) | allow;
  }, base);
}

/** Whether these permissions include one. */
export function mayDo(permissions: bigint, permission: Permission): boolean {
  return (permissions & BITS[permission]) !== 0n;
}

/** As Discord's bit set. */
export function permissionNumber(wanted: readonly Permission[]): string {
  return wanted.reduce((all, permission) => all | BITS[permission], 0n).toString();
}
