import { DiscordError } from "../../../shared/clients/discord/errors.ts";
import type { OutgoingFile } from "../../../shared/clients/discord/outgoing-message.ts";
import type { CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import { type SendDeps, sendDmOnce } from "../../../shared/discord/sending/send-once.ts";
import type { Deps } from "../deps.ts";
import type { Drop, DropText } from "../domain/drop.ts";
import { draftPreview, draftRefusalTexts } from "../messages/drafts.ts";
import { dropRefusalTexts } from "../messages/drop-refusals.ts";
import { dropPost } from "../messages/drops.ts";
import { type ChangeDropDeps, makeOwnChange, type OwnChangeResult } from "./change-drop.ts";
import { type RefreshBoardDeps, whileNotEdited } from "./drop-board.ts";
import { type KeepImageDeps, keepImageAddress } from "./drop-image.ts";

/** What replacing pictures needs. */
export type ReplacePicturesDeps = ChangeDropDeps &
  RefreshBoardDeps &
  KeepImageDeps &
  SendDeps &
  Pick<Deps, "users">;

/** New pictures of a drop, and its text beside them. No pictures: those it has are removed. */
interface Replacement {
  readonly use: Pick<CommandUse, "id" | "userId">;
  readonly dropId: string;
  readonly text: DropText;
  readonly files: readonly OutgoingFile[];
}

/** The changed drop, or why its pictures stay as they are. `needs-dms`: they are kept in its builder's DMs. */
type ReplaceResult = OwnChangeResult | OwnChangeResult<"needs-dms" | "post-gone">;

/**
 * Replaces the pictures of a builder's own drop: in its post, or in the DM that keeps those of a draft.
 *
 * Idempotency: once by the interaction's id. Crash safety: they are uploaded before they are stored, and no other edit
 * of the post comes in between; a repeat uploads them again.
 */
export async function replacePictures(
  { use, dropId, text, files }: Replacement,
  deps: ReplacePicturesDeps,
): Promise<ReplaceResult> {
  const drop = await deps.drops.get(dropId);
  if (drop?.builderId !== use.userId || drop.draftState === "discarded") {
    return { ok: false, refusal: "not-found", text: dropRefusalTexts["not-found"] };
  }
  const change = (preview?: Drop["preview"]) => {
    const pictures = { count: files.length, preview };
    return makeOwnChange({ use, dropId, change: { kind: "edit", ...text, pictures } }, deps);
  };
  if (drop.draftState === "draft") {
    if (files.length === 0) return change();
    const message = { ...draftPreview(text), files };
    const key = `drop-preview:${dropId}:${use.id}`;
    const preview = await sendDmOnce(key, drop.builderId, message, deps);
    if (preview) return change(preview);
    return { ok: false, refusal: "needs-dms", text: draftRefusalTexts["needs-dms"] };
  }
  const { post } = drop;
  if (!post) return { ok: false, refusal: "never-posted", text: dropRefusalTexts["never-posted"] };
  return whileNotEdited<ReplaceResult>(
    dropId,
    async () => {
      const imageCount = files.length;
      const edited = { ...drop, ...text, hasImage: imageCount > 0, imageCount };
      if (!(await upload(edited, post, files, deps))) {
        return { ok: false, refusal: "post-gone", text: dropRefusalTexts["post-gone"] };
      }
      const result = await change();
      await keepImageAddress({ ...edited, image: undefined }, deps);
      return result;
    },
    deps,
  );
}

/** Puts pictures in a drop's post; false when it is gone, or the bot may not edit it. */
async function upload(
  drop: Drop,
  { channelId, messageId }: NonNullable<Drop["post"]>,
  files: readonly OutgoingFile[],
  deps: ReplacePicturesDeps,
): Promise<boolean> {
  const { drops, builders, discord, config } = deps;
  const [stock, builder] = await Promise.all([
    drops.stockLevel(drop.id),
    builders.get(drop.builderId),
  ]);
  const message = { ...dropPost({ drop, stock, builder }, config.PUBLIC_SITE_URL), files };
  try {
    await discord.editMessage(channelId, messageId, message);
    return true;
  } catch (error) {
    if (error instanceof DiscordError && (error.isUnknown || error.isUnusableChannel)) return false;
    throw error;
  }
}
