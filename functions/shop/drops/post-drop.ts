import type { OutgoingFile } from "../../../shared/clients/discord/outgoing-message.ts";
import { type SendDeps, sendOnce } from "../../../shared/discord/sending/send-once.ts";
import type { Deps } from "../deps.ts";
import type { Drop } from "../domain/drop.ts";
import { dropPost } from "../messages/drops.ts";
import { type KeepImageDeps, keepImageAddress } from "./drop-image.ts";

/** What posting a drop needs. */
export type PostDropDeps = SendDeps &
  KeepImageDeps &
  Pick<Deps, "drops" | "builders"> & {
    readonly config: Pick<Deps["config"], "DISCORD_MARKETPLACE_CHANNEL_ID" | "PUBLIC_SITE_URL">;
  };

/** Under which the post of a drop is remembered. */
export function postKey(dropId: string): string {
  return `drop-post:${dropId}`;
}

/**
 * Posts a drop in the marketplace, once. Throws DiscordError when Discord refuses. Idempotency: a repeat finds the
 * post, and records it where that is missing.
 */
export async function postDrop(
  drop: Drop,
  files: readonly OutgoingFile[],
  deps: PostDropDeps,
): Promise<void> {
  const { drops, builders, config } = deps;
  const [stock, builder] = await Promise.all([
    drops.stockLevel(drop.id),
    builders.get(drop.builderId),
  ]);
  const shown = dropPost({ drop, stock, builder }, config.PUBLIC_SITE_URL);
  const message = { ...shown, ...(files.length > 0 && { files }) };
  const channel = async () => config.DISCORD_MARKETPLACE_CHANNEL_ID;
  const post = await sendOnce(postKey(drop.id), channel, message, deps);
  await drops.recordPost(drop.id, post);
  await keepImageAddress({ ...drop, post }, deps);
}
