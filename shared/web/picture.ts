import { html, type SafeHtml } from "@remix-run/html-template";
import { readId } from "../documents/outside-id.ts";
import type { HttpRequest } from "../runtime/http.ts";

/** The kinds of things that have pictures. */
const KINDS = ["drop", "auction"] as const;

const PICTURE_PATH = new RegExp(`^/(${KINDS.join("|")})/([^/]+)/picture$`);

/** The path patterns of pictures. */
export const picturePaths = KINDS.map((kind) => `/${kind}/:id/picture`);

/** The thing that a picture shows. */
export interface Pictured {
  readonly kind: (typeof KINDS)[number];
  readonly id: string;
}

/** The thing whose picture is requested; undefined if the path is not a picture's. */
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
