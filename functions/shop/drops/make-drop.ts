import { sendDmOnce } from "../../../shared/discord/sending/send-once.ts";
import type { Deps } from "../deps.ts";
import type { Drop } from "../domain/drop.ts";
import { draftPreview } from "../messages/drafts.ts";
import type { NewDrop } from "../store/drops.ts";
import { type ScheduleBoardDeps, scheduleBoard } from "./drop-board.ts";
import { scheduleOpening } from "./open-draft.ts";
import { closeUnposted, openNow, storeDrop } from "./open-now.ts";
import { fetchPictures } from "./picture.ts";
import { type PostDropDeps, postKey } from "./post-drop.ts";

/** What making a drop needs. */
export type MakeDropDeps = PostDropDeps & ScheduleBoardDeps & Pick<Deps, "buildersTerms" | "users">;

/** What its builder says of a new drop. */
export type DropToMake = Omit<NewDrop, "shipping" | "preview" | "hasImage" | "imageCount">;

interface Making {
  readonly drop: DropToMake;
  /** The drop as an earlier delivery stored it. */
  readonly made: Drop | undefined;
  /** The addresses of its pictures. */
  readonly pictures: readonly string[];
}

/**
 * The drop, or why there is none that anybody can see. `no-terms`: its builder has not said where they ship. `needs-dms`: its builder takes no direct messages, which keep a
 * draft's pictures.
 */
export type MadeDrop =
  | { readonly outcome: "made"; readonly drop: Drop }
  | { readonly outcome: "no-terms" | "picture-gone" | "needs-dms" | "cannot-post" };

/**
 * Puts a drop on sale and posts it, or keeps it as a draft, on its builder's shipping terms.
 *
 * Idempotency: by the drop's id; a repeat finds the drop and its post. Crash safety: the repeat posts it, or closes it
 * where a picture cannot be fetched any more by then.
 */
export async function makeDrop(
  { drop, made, pictures }: Making,
  deps: MakeDropDeps,
): Promise<MadeDrop> {
  if (made && drop.isDraft) return keepDraft(made, deps);
  const shipping = await deps.buildersTerms.forNew(drop.builderId, drop.currency);
  if (!made && !shipping) return { outcome: "no-terms" };
  const files = await picturesOf(drop.id, pictures, deps);
  if (files === "gone") {
    if (made) await closeUnposted(drop.id, drop.builderId, deps);
    return { outcome: "picture-gone" };
  }
  const imageCount = pictures.length;
  const whole = { ...drop, shipping, hasImage: imageCount > 0, imageCount };
  if (!drop.isDraft) {
    const opened = await openNow(whole, files, deps);
    return opened ? { outcome: "made", drop: opened } : { outcome: "cannot-post" };
  }
  if (files.length === 0) {
    return keepDraft(await storeDrop(whole, deps), deps);
  }
  // Discord keeps the pictures of forms for some hours only.
  const message = { ...draftPreview(drop), files };
  const preview = await sendDmOnce(`drop-preview:${drop.id}`, drop.builderId, message, deps);
  if (!preview) return { outcome: "needs-dms" };
  return keepDraft(await storeDrop({ ...whole, preview }, deps), deps);
}

/** Enqueues the opening of a stored draft, and its announcement. */
async function keepDraft(drop: Drop, deps: MakeDropDeps): Promise<MadeDrop> {
  await scheduleOpening(drop, deps);
  if (drop.opensAt) await scheduleBoard(drop.id, deps);
  return { outcome: "made", drop };
}

/** The pictures, which go along with the post. A drop that is posted needs none any more. */
async function picturesOf(
  id: string,
  addresses: readonly string[],
  { sentMessages }: Pick<MakeDropDeps, "sentMessages">,
) {
  if (addresses.length === 0 || (await sentMessages.get(postKey(id)))) return [];
  return fetchPictures(addresses);
}
