import type { Response } from "@google-cloud/functions-framework";
import { isPictureType, type Pictured } from "../../../shared/web/picture.ts";
import type { Deps } from "../deps.ts";

const TIMEOUT_MS = 5000;
/** A picture changes when its drop is edited; this limits for how long pages show the earlier one. */
const CACHE_CONTROL = "public, max-age=600, s-maxage=600";

/** Sends the picture of a post, because Discord's own address for it expires. */
export async function sendPicture(
  pictured: Pictured,
  response: Response,
  deps: Pick<Deps, "auctions" | "drops">,
): Promise<void> {
  const url = await addressOf(pictured, deps);
  const picture = url && (await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }));
  if (!picture) return sendNone(response);
  const type = picture.headers.get("content-type")?.split(";")[0] ?? "";
  if (!picture.ok || !isPictureType(type)) {
    await picture.body?.cancel();
    return sendNone(response);
  }
  response
    .set({ "cache-control": CACHE_CONTROL, "x-content-type-options": "nosniff" })
    .type(type)
    .send(Buffer.from(await picture.arrayBuffer()));
}

async function addressOf(
  { kind, id, number }: Pictured,
  { auctions, drops }: Pick<Deps, "auctions" | "drops">,
): Promise<string | undefined> {
  if (kind === "auction") return number === 1 ? (await auctions.get(id))?.imageUrl : undefined;
  const { image } = (await drops.get(id)) ?? {};
  return image && [image.url, ...image.moreUrls][number - 1];
}

function sendNone(response: Response): void {
  response.status(404).set("cache-control", "no-store").end();
}
