import { DiscordError } from "../../../shared/clients/discord/errors.ts";
import type { OutgoingFile } from "../../../shared/clients/discord/outgoing-message.ts";
import { isTerminal } from "../../../shared/runtime/errors.ts";
import type { Deps } from "../deps.ts";
import type { Drop } from "../domain/drop.ts";
import type { NewDrop } from "../store/drops.ts";
import { type PostDropDeps, postDrop } from "./post-drop.ts";

/**
 * Stores a drop, puts it on sale and posts it; undefined when the bot may not post in the marketplace. A drop that is
 * not posted is closed. Throws what else Discord answers. Idempotency: by the drop's id; a repeat finds it and its post.
 */
export async function openNow(
  drop: NewDrop,
  files: readonly OutgoingFile[],
  deps: PostDropDeps,
): Promise<Drop | undefined> {
  const stored = await storeDrop(drop, deps);
  try {
    await postDrop(stored, files, deps);
  } catch (error) {
    if (!isTerminal(error)) throw error;
    await closeUnposted(drop.id, drop.builderId, deps);
    if (!(error instanceof DiscordError && error.isUnusableChannel)) throw error;
    return undefined;
  }
  return stored;
}

/** Creates a drop, once, and returns it as it is stored. */
export async function storeDrop(drop: NewDrop, { drops }: Pick<Deps, "drops">): Promise<Drop> {
  await drops.create(drop);
  const stored = await drops.get(drop.id);
  if (!stored) throw new Error(`Drop ${drop.id} was created and is not there.`);
  return stored;
}

/** What nobody can see in the marketplace must not be on sale elsewhere. */
export async function closeUnposted(
  id: string,
  builderId: string,
  { drops }: Pick<Deps, "drops">,
): Promise<void> {
  await drops.change(id, builderId, { kind: "close" }, `${id}.unposted`);
}
