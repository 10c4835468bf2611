import type { BotPermissions } from "./records.ts";

/** https://discord.com/developers/docs/topics/permissions#permissions-bitwise-permission-flags */
const PERMISSION_BITS: Record<keyof BotPermissions, bigint> = {
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  manageMessages: 1n << 13n,
  embedLinks: 1n << 14n,
  attachFiles: 1n << 15n,
  mentionEveryone: 1n << 17n,
  pinMessages: 1n << 51n,
};

const ADMINISTRATOR = 1n << 3n;
/** What a bot needs beyond its messages to arrange a server. */
const ARRANGING = {
  manageChannels: 1n << 4n,
  manageRoles: 1n << 28n,
  createEvents: 1n << 44n,
} as const;
/** What a bot's invitation adds by default. */
export const INVITED_WITH = ARRANGING.createEvents.toString();
const VIEW_CHANNEL = 1n << 10n;
const SEND_MESSAGES = 1n << 11n;
const SEND_MESSAGES_IN_THREADS = 1n << 38n;
const EVERYTHING = (1n << 53n) - 1n;
/**
 * Without permission to send, a member has none of these either: mention everyone, TTS, attach
 * files, embed links.
 */
const NEEDS_SENDING = (1n << 17n) | (1n << 12n) | (1n << 15n) | (1n << 14n);
/** https://discord.com/developers/docs/resources/channel#channel-object-channel-types */
const THREADS: ReadonlySet<number> = new Set([10, 11, 12]);

/**
 * The permissions of @everyone: view channels, send messages (in threads too), embed links, attach
 * files, read history, use commands.
 */
export const ORDINARY_PERMISSIONS = "277025508352";

/** A channel's overwrite for everyone (the server's id), a role or a member. */
export interface Overwrite {
  readonly id: string;
  /** 0 is a role, 1 a member. */
  readonly type: number;
  readonly allow?: string | undefined;
  readonly deny?: string | undefined;
}

/**
 * A member's permissions in a channel as interactions carry them. They are computed from
 * @everyone's, then the member's roles, then the channel's overwrites for @everyone, for all of the
 * member's roles together, and for the member.
 * https://discord.com/developers/docs/topics/permissions#permission-overwrites
 */
export function permissionsIn(
  member: { readonly id: string; readonly roles: readonly string[]; readonly permissions: string },
  guild: { readonly id: string; readonly ownerId: string },
  channel: { readonly type: number; readonly overwrites: readonly Overwrite[] },
): string {
  const base = BigInt(ORDINARY_PERMISSIONS) | BigInt(member.permissions);
  if (member.id === guild.ownerId || (base & ADMINISTRATOR) !== 0n) return EVERYTHING.toString();
  const steps = [
    channel.overwrites.filter(({ id }) => id === guild.id),
    channel.overwrites.filter(({ id, type }) => type === 0 && member.roles.includes(id)),
    channel.overwrites.filter(({ id, type }) => type === 1 && id === member.id),
  ];
  const all = steps.reduce((may, overwrites) => {
    const deny = overwrites.reduce((set, { deny: bits = "0" }) => set | BigInt(bits), 0n);
    const allow = overwrites.reduce((set, { allow: bits = "0" }) => set | BigInt(bits), 0n);
    return (may & ~deny) | allow;
  }, base);
  if ((all & VIEW_CHANNEL) === 0n) return "0";
  const sending = THREADS.has(channel.type) ? SEND_MESSAGES_IN_THREADS : SEND_MESSAGES;
  return ((all & sending) === 0n ? all & ~NEEDS_SENDING : all).toString();
}

/** What the bot may do in a whole server: what everyone may, and what its invitation added. */
export function botPermissionsIn({ botPermissions }: { readonly botPermissions: string }): string {
  return (BigInt(ORDINARY_PERMISSIONS) | BigInt(botPermissions)).toString();
}

/** Whether the bot may create and delete channels, roles, or events. */
export function botMayArrange(
  guild: { readonly botPermissions: string },
  permission: keyof typeof ARRANGING,
): boolean {
  const permissions = BigInt(guild.botPermissions);
  return (permissions & (ARRANGING[permission] | ADMINISTRATOR)) !== 0n;
}

/** Every permission that a bot may have, as Discord's bit set. */
export const ALL_BOT_PERMISSIONS = bits(Object.values(PERMISSION_BITS));

/** A bot's allowed and denied permissions, as Discord's bit sets. */
export function permissionBits(botMay: BotPermissions): { allow: string; deny: string } {
  const names = Object.keys(PERMISSION_BITS) as (keyof BotPermissions)[];
  const those = (isAllowed: boolean) =>
    bits(names.filter((name) => botMay[name] === isAllowed).map((name) => PERMISSION_BITS[name]));
  return { allow: those(true), deny: those(false) };
}

function bits(set: readonly bigint[]): string {
  return set.reduce((all, bit) => all | bit, 0n).toString();
}
