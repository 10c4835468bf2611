import type { PictureSize } from "../web/picture-size.ts";

const FILES = "cdn.discordapp.com";
const RESIZED = "media.discordapp.net";

/** The largest picture to ask for, and its format. */
export interface WantedPicture {
  readonly width: number;
  readonly format: "webp" | "jpeg";
}

/**
 * The address at which Discord's media proxy sends a smaller copy of a file: that of the file, with the same signature,
 * on the proxy's host. Discord's own app asks so, but the parameters are undocumented, so a caller must expect any
 * answer. A picture is never enlarged; without its size it keeps it.
 * https://github.com/discord/discord-api-docs/issues/6660
 */
export function resizedAddress(
  file: string,
  { width, format }: WantedPicture,
  size: PictureSize | undefined,
): string {
  const address = new URL(file);
  if (address.hostname === FILES) address.hostname = RESIZED;
  address.searchParams.append("format", format);
  if (size && width < size.width) {
    address.searchParams.append("width", String(width));
    address.searchParams.append("height", String(Math.round((width * size.height) / size.width)));
  }
  return address.href;
}
