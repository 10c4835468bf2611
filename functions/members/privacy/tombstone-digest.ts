import { createHmac } from "node:crypto";
import type { BuilderDigests } from "../store/standing-tombstones.ts";

/**
 * The possible names of a person's tombstone, the newest key's first. They are keyed, because all Discord ids can be
 * tried: without the key nobody can find out whose a tombstone is, or whether someone has one.
 */
export function tombstoneDigests(userId: string, keys: readonly string[]): string[] {
  return digests(`discord-user:${userId}`, keys);
}

/**
 * The possible names of the documents with staff's decision about a builder and their channel. They differ from the name
 * of the same person's debts, so that the database does not show that the two belong together.
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
