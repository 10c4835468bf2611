import type { Response } from "@google-cloud/functions-framework";
import type { Pictured } from "../../../shared/web/picture.ts";
import type { Deps } from "../deps.ts";

const TIMEOUT_MS = 5000;
/** The picture types that the forms accept; none of them can run code in a browser. */
const TYPES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
/** A picture never changes; an hour limits how long a wrong one would stay. */
const CACHE_CONTROL = "public, max-age=3600, s-maxage=3600";

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
  if (!picture.ok || !TYPES.has(type)) {
    await picture.body?.cancel();
    return sendNone(response);
  }
  response
    .set({ "cache-control": CACHE_CONTROL, "x-content-type-options": "nosniff" })
    .type(type)
    .send(Buffer.from(await picture.arrayBuffer()));
}

async function addressOf(
  { kind, id }: Pictured,
  { auctions, drops }: Pick<Deps, "auctions" | "drops">,
): Promise<string | undefined> {
  if (kind === "drop") return (await drops.get(id))?.image?.url;
  return (await auctions.get(id))?.imageUrl;
}

function sendNone(response: Response): void {
  response.status(404).set("cache-control", "no-store").end();
}
