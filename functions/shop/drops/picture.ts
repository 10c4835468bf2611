import type { OutgoingFile } from "../../../shared/clients/discord.ts";
import { pictureName } from "../messages/drops.ts";

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 8_000_000;

/**
 * Fetches a drop's pictures from Discord, which stores those of forms for some hours. Returns `gone` when Discord
 * answers with a 4xx status or a picture is larger than 8 MB. Throws on any other failure.
 */
export async function fetchPictures(
  urls: readonly string[],
): Promise<readonly OutgoingFile[] | "gone"> {
  const pictures = await Promise.all(urls.map(fetchPicture));
  const files = pictures.flatMap((bytes, index) =>
    bytes === "gone" ? [] : [{ name: pictureName(index), bytes }],
  );
  return files.length === urls.length ? files : "gone";
}

/** The same for one picture. */
export async function fetchPicture(url: string): Promise<Buffer | "gone"> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  const isGone = response.status >= 400 && response.status < 500;
  if (!response.ok && !isGone) throw new Error(`A picture answered ${response.status}.`);
  const bytes = Buffer.from(await response.arrayBuffer());
  return isGone || bytes.length > MAX_BYTES ? "gone" : bytes;
}
