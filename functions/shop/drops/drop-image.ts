import { storedSize } from "../../../shared/web/picture-size.ts";
import type { Deps } from "../deps.ts";
import { type Drop, pictureCount } from "../domain/drop.ts";

/**
 * Discord's attachment URLs expire after about a day; renewing at half of that leaves time to retry.
 * https://discord.com/developers/docs/reference#signed-attachment-cdn-urls
 */
const RENEW_AFTER_MS = 12 * 3_600_000;

/** Dependencies of `keepImageAddress`. */
export type KeepImageDeps = Pick<Deps, "drops" | "discord" | "clock">;

/** Renews the URLs of a drop's pictures, which the site shows, when they are older than 12 hours. Idempotent. */
export async function keepImageAddress(
  drop: Pick<Drop, "id" | "hasImage" | "imageCount" | "post" | "image">,
  { drops, discord, clock }: KeepImageDeps,
): Promise<void> {
  const { id, post, image } = drop;
  const isFresh = image && clock.now().getTime() - image.readAt.getTime() < RENEW_AFTER_MS;
  if (pictureCount(drop) === 0 || !post || isFresh) return;
  const files = await discord.attachments(post.channelId, post.messageId);
  const [url, ...moreUrls] = files.map((file) => file.url);
  const sizes = files.map(storedSize);
  if (url) await drops.recordImage(id, { url, moreUrls, sizes, readAt: clock.now() });
}
