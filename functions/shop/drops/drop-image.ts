import type { Deps } from "../deps.ts";
import type { Drop } from "../domain/drop.ts";

/**
 * Discord's addresses of files end after about a day; half of that leaves time to try again.
 * https://discord.com/developers/docs/reference#signed-attachment-cdn-urls
 */
const RENEW_AFTER_MS = 12 * 3_600_000;

/** What keeping the address needs. */
export type KeepImageDeps = Pick<Deps, "drops" | "discord" | "clock">;

/** Keeps the address of a drop's picture fresh for the site. Doing it again changes nothing. */
export async function keepImageAddress(
  { id, hasImage, post, image }: Pick<Drop, "id" | "hasImage" | "post" | "image">,
  { drops, discord, clock }: KeepImageDeps,
): Promise<void> {
  const isFresh = image && clock.now().getTime() - image.readAt.getTime() < RENEW_AFTER_MS;
  if (!hasImage || !post || isFresh) return;
  const url = await discord.attachmentUrl(post.channelId, post.messageId);
  if (url) await drops.recordImage(id, url, clock.now());
}
