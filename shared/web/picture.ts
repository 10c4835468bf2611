import { html, type SafeHtml } from "@remix-run/html-template";
import { readId } from "../documents/outside-id.ts";
import type { HttpRequest } from "../runtime/http.ts";

/** What has pictures. */
const KINDS = ["drop", "auction"] as const;

const PICTURE_PATH = new RegExp(`^/(${KINDS.join("|")})/([^/]+)/picture$`);

/** The paths of pictures. */
export const picturePaths = KINDS.map((kind) => `/${kind}/:id/picture`);

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
