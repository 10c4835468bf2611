import type { BotPermissions } from "./records.ts";

/** https://discord.com/developers/docs/topics/permissions#permissions-bitwise-permission-flags */
const PERMISSION_BITS: Record<keyof BotPermissions, bigint> = {
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  manageMessages: 1n << 13n,
  embedLinks: 1n << 14n,
  attachFiles: 1n << 15n,
  mentionEveryone: 1n << 17n,
};

/** View channel, send messages, embed links, attach files, read history, use commands. */
export const ORDINARY_PERMISSIONS = "2147601408";

/** Everything that a bot may do, as Discord's bit set. */
export const ALL_BOT_PERMISSIONS = bits(Object.values(PERMISSION_BITS));

/** What a bot may do, and what it may not, as Discord's bit sets. */
export function permissionBits(botMay: BotPermissions): { allow: string; deny: string } {
  const names = Object.keys(PERMISSION_BITS) as (keyof BotPermissions)[];
  const those = (isAllowed: boolean) =>
    bits(names.filter((name) => botMay[name] === isAllowed).map((name) => PERMISSION_BITS[name]));
  return { allow: those(true), deny: those(false) };
}

function bits(set: readonly bigint[]): string {
  return set.reduce((all, bit) => all | bit, 0n).toString();
}
