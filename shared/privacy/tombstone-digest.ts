import { createHmac } from "node:crypto";

/**
 * Under which names a person's tombstone may be, the newest key's first. Discord's ids can be counted
 * through, so that without the key nobody must be able to tell whose a tombstone is, nor whether someone
 * has one.
 */
export function tombstoneDigests(userId: string, keys: readonly string[]): string[] {
  return keys.map((key) =>
    createHmac("sha256", key).update(`discord-user:${userId}`).digest("hex"),
  );
}
