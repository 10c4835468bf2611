import { DiscordError } from "../../../shared/clients/discord/errors.ts";
import type { Deps } from "../deps.ts";
import type { Case } from "../domain/case.ts";

/** Dependencies of deleting the pictures of a case. */
export type DeletePicturesDeps = Pick<Deps, "casePictures" | "discord" | "clock">;

/**
 * Deletes the copies of a case's pictures. Idempotent. Crash safety: a copy is forgotten once it is gone; one whose
 * message or channel is gone is gone.
 */
export async function deleteCasePictures(
  { id, pictures }: Pick<Case, "id" | "pictures">,
  { casePictures, discord, clock }: DeletePicturesDeps,
): Promise<void> {
  if (pictures.length === 0) return;
  const content = `The pictures about order \`${id}\` were here. I've deleted them.`;
  for (const { channelId, messageId } of pictures) {
    try {
      await discord.editMessage(channelId, messageId, { content, files: [] });
    } catch (error) {
      if (!(error instanceof DiscordError && error.isTerminal)) throw error;
    }
  }
  await casePictures.forget(id, pictures, clock.now());
}
