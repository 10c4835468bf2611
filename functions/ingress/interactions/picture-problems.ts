import type { Attachment } from "../../../shared/discord/interaction.ts";

const MAX_BYTES = 8_000_000;
const TYPES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** Why a file is not accepted as a picture, as the form shows it. */
export function pictureProblems({ content_type, size }: Attachment): string[] {
  if (!TYPES.has(content_type ?? "")) return ["Picture: use a PNG, JPEG, GIF or WebP file."];
  return size > MAX_BYTES ? ["Picture: at most 8 MB."] : [];
}
