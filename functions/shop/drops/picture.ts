import type { OutgoingFile } from "../../../shared/clients/discord/outgoing-message.ts";
import { isPictureType } from "../../../shared/web/picture.ts";
import { pictureName } from "../messages/drops.ts";

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 8_000_000;

/**
 * Fetches a drop's pictures. Returns `gone` when one's address answers with a 4xx status, with something else than a
 * picture, or with more than 8 MB. Throws on any other failure.
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
  if (isGone || !isPictureType(response.headers.get("content-type"))) {
    await response.body?.cancel();
    return "gone";
  }
  return readAtMost(MAX_BYTES, response.body);
}

/** Reads no more than it keeps: an address may answer with any number of bytes. */
async function readAtMost(
  bytes: number,
  body: AsyncIterable<Uint8Array> | null,
): Promise<Buffer | "gone"> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > bytes) return "gone";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
