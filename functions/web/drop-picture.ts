import type { Request, Response } from "@google-cloud/functions-framework";
import type { Deps } from "../../shared/runtime/deps.ts";

const PICTURE_PATH = /^\/drop\/([\w-]{1,200})\/picture$/;
const TIMEOUT_MS = 5000;
/** What the form takes; nothing that a browser could run. */
const TYPES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
/** A drop's picture never changes; an hour bounds how long a wrong one would stay. */
const CACHE_CONTROL = "public, max-age=3600, s-maxage=3600";

/** The id of the drop whose picture a request is for. */
export function pictureOf(request: Request): string | undefined {
  return PICTURE_PATH.exec(request.path)?.[1];
}

/** Where the page finds a drop's picture. */
export function picturePath(dropId: string): string {
  return `/drop/${dropId}/picture`;
}

/** Passes on the picture of a drop's post, because Discord's own address of it soon ends. */
export async function sendPicture(
  dropId: string,
  response: Response,
  { drops }: Pick<Deps, "drops">,
): Promise<void> {
  const drop = await drops.get(dropId);
  const picture =
    drop?.image && (await fetch(drop.image.url, { signal: AbortSignal.timeout(TIMEOUT_MS) }));
  const type = picture?.headers.get("content-type")?.split(";")[0] ?? "";
  if (!picture?.ok || !TYPES.has(type)) {
    await picture?.body?.cancel();
    response.status(404).set("cache-control", "no-store").end();
    return;
  }
  response
    .set({ "cache-control": CACHE_CONTROL, "x-content-type-options": "nosniff" })
    .type(type)
    .send(Buffer.from(await picture.arrayBuffer()));
}
