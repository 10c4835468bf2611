import type { Response } from "@google-cloud/functions-framework";
import { html, type SafeHtml } from "@remix-run/html-template";
import { readId } from "../../shared/domain/outside-id.ts";
import type { Deps } from "../../shared/runtime/deps.ts";
import type { HttpRequest } from "../../shared/runtime/http.ts";

/** What has pictures. */
const KINDS = ["drop", "auction"] as const;
const PICTURE_PATH = new RegExp(`^/(${KINDS.join("|")})/([^/]+)/picture$`);

/** The paths of pictures. */
export const picturePaths = KINDS.map((kind) => `/${kind}/:id/picture`);

const TIMEOUT_MS = 5000;
/** What the forms take; nothing that a browser could run. */
const TYPES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
/** A picture never changes; an hour bounds how long a wrong one would stay. */
const CACHE_CONTROL = "public, max-age=3600, s-maxage=3600";

/** What a picture is of. */
export interface Pictured {
  readonly kind: (typeof KINDS)[number];
  readonly id: string;
}

/** What a request wants the picture of. */
export function pictureOf(request: HttpRequest): Pictured | undefined {
  const [, named, of] = PICTURE_PATH.exec(request.path) ?? [];
  const kind = KINDS.find((known) => known === named);
  const id = readId(of);
  return kind === undefined || id === undefined ? undefined : { kind, id };
}

/** A picture on a page. */
export function pictureIn({ kind, id }: Pictured, title: string): SafeHtml {
  return html`<p class="picture"><img src="/${kind}/${id}/picture" alt="${title}"></p>`;
}

/** Passes on the picture of a post, because Discord's own address of it soon ends. */
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
