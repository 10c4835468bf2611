import type { Attachment } from "../../../shared/discord/interaction.ts";
import { isPictureType } from "../../../shared/web/picture.ts";

const MAX_BYTES = 8_000_000;

/** Why a file is not accepted as a picture, as the form shows it. */
export function pictureProblems({ content_type, size }: Attachment): string[] {
  if (!isPictureType(content_type)) return ["Picture: use a PNG, JPEG, GIF or WebP file."];
  return size > MAX_BYTES ? ["Picture: at most 8 MB."] : [];
}
