import type { Response } from "@google-cloud/functions-framework";
import { resizedAddress } from "../../../shared/discord/resized-picture.ts";
import { isPictureType, type RequestedPicture } from "../../../shared/web/picture.ts";
import { type PictureSize, readSize } from "../../../shared/web/picture-size.ts";
import type { Deps } from "../deps.ts";

const TIMEOUT_MS = 5000;
/** A picture changes when its drop is edited; this limits for how long pages show the earlier one. */
const CACHE_CONTROL = "public, max-age=600, s-maxage=600";

/** A picture as it is stored. */
interface StoredPicture {
  readonly url: string;
  readonly size: PictureSize | undefined;
}

/**
 * Sends the picture of a post, because Discord's own address for it expires: in the requested size if Discord sends it
 * so, and otherwise as it was uploaded.
 */
export async function sendPicture(
  pictured: RequestedPicture,
  response: Response,
  deps: Pick<Deps, "auctions" | "drops">,
): Promise<void> {
  const stored = await find(pictured, deps);
  const picture = stored && ((await resized(stored, pictured)) ?? (await fetchPicture(stored.url)));
  if (!picture) {
    response.status(404).set("cache-control", "no-store").end();
    return;
  }
  response
    .set({ "cache-control": CACHE_CONTROL, "x-content-type-options": "nosniff" })
    .type(picture.type)
    .send(picture.bytes);
}

async function find(
  { kind, id, number }: RequestedPicture,
  { auctions, drops }: Pick<Deps, "auctions" | "drops">,
): Promise<StoredPicture | undefined> {
  if (kind === "auction") {
    const { imageUrl: url, imageSize } = (number === 1 && (await auctions.get(id))) || {};
    return url === undefined ? undefined : { url, size: readSize(imageSize) };
  }
  const { image } = (await drops.get(id)) ?? {};
  const url = image && [image.url, ...image.moreUrls][number - 1];
  return url === undefined ? undefined : { url, size: readSize(image?.sizes[number - 1]) };
}

/** A smaller copy; undefined if none is asked for, or Discord makes none. */
async function resized({ url, size }: StoredPicture, { wanted }: RequestedPicture) {
  if (!wanted) return undefined;
  try {
    return await fetchPicture(resizedAddress(url, wanted, size));
  } catch {
    return undefined;
  }
}

/** The picture at an address; undefined if there is none. */
async function fetchPicture(url: string) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  const type = answer.headers.get("content-type")?.split(";")[0] ?? "";
  if (!answer.ok || !isPictureType(type)) {
    await answer.body?.cancel();
    return undefined;
  }
  return { type, bytes: Buffer.from(await answer.arrayBuffer()) };
}
