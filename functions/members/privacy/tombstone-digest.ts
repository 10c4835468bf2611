import { createHmac } from "node:crypto";
import type { BuilderDigests } from "../store/standing-tombstones.ts";

/**
 * Under which names a person's tombstone may be, the newest key's first. All Discord ids can be tried, so
 * without the key nobody must be able to find out whose a tombstone is, or whether someone has one.
 */
export function tombstoneDigests(userId: string, keys: readonly string[]): string[] {
  return digests(`discord-user:${userId}`, keys);
}

/**
 * Under which names it may be kept what staff decided about a builder and their channel. They are others than
 * that of the same person's debts, so that nobody can tell from the database that the two belong together.
 */
export function builderDigests(
  { userId, twitchUserId }: { readonly userId: string; readonly twitchUserId: string | undefined },
  keys: readonly string[],
): BuilderDigests {
  return {
    person: digests(`builder:${userId}`, keys),
    channel: twitchUserId === undefined ? [] : digests(`twitch-channel:${twitchUserId}`, keys),
  };
}

function digests(text: string, keys: readonly string[]): string[] {
  return keys.map((key) => createHmac("sha256", key).update(text).digest("hex"));
}
