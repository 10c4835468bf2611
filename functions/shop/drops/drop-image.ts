import type { Deps } from "../deps.ts";
import type { Drop } from "../domain/drop.ts";

/**
 * Discord's attachment URLs expire after about a day; renewing at half of that leaves time to retry.
 * https://discord.com/developers/docs/reference#signed-attachment-cdn-urls
 */
const RENEW_AFTER_MS = 12 * 3_600_000;

/** Dependencies of `keepImageAddress`. */
export type KeepImageDeps = Pick<Deps, "drops" | "discord" | "clock">;

/** Renews the URL of a drop's picture, which the site shows, when it is older than 12 hours. Idempotent. */
export async function keepImageAddress(
  { id, hasImage, post, image }: Pick<Drop, "id" | "hasImage" | "post" | "image">,
  { drops, discord, clock }: KeepImageDeps,
): Promise<void> {
  const isFresh = image && clock.now().getTime() - image.readAt.getTime() < RENEW_AFTER_MS;
  if (!hasImage || !post || isFresh) return;
  const [url] = await discord.attachmentUrls(post.channelId, post.messageId);
  if (url) await drops.recordImage(id, url, clock.now());
}
