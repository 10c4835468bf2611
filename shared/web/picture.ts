import { html, type SafeHtml } from "@remix-run/html-template";
import { readId } from "../documents/outside-id.ts";
import type { HttpRequest } from "../runtime/http.ts";

/** The kinds of things that have pictures. */
const KINDS = ["drop", "auction"] as const;

const PICTURE_PATH = new RegExp(`^/(${KINDS.join("|")})/([^/]+)/picture(?:/([2-9]))?$`);

/** The types of pictures that are accepted and served; none of them can run code in a browser. */
const TYPES: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** Whether a `content-type` is that of a picture. */
export function isPictureType(contentType: string | null | undefined): boolean {
  return TYPES.has(contentType?.split(";")[0] ?? "");
}

/** The path patterns of pictures. */
export const picturePaths = KINDS.flatMap((kind) => [
  `/${kind}/:id/picture`,
  `/${kind}/:id/picture/:number`,
]);

/** The thing that a picture shows. */
export interface Pictured {
  readonly kind: (typeof KINDS)[number];
  readonly id: string;
  /** Which of its pictures; the first is 1. */
  readonly number: number;
}

/** The thing whose picture is requested; undefined if the path is not a picture's. */
export function pictureOf(request: HttpRequest): Pictured | undefined {
  const [, named, of, number = "1"] = PICTURE_PATH.exec(request.path) ?? [];
  const kind = KINDS.find((known) => known === named);
  const id = readId(of);
  return kind === undefined || id === undefined ? undefined : { kind, id, number: Number(number) };
}

/** What is pictured, in how many pictures. */
interface Gallery extends Omit<Pictured, "number"> {
  readonly count: number;
}

/** The pictures of something on a page. Several stand side by side and can be scrolled through, without a script. */
export function picturesIn({ kind, id, count }: Gallery, title: string): SafeHtml {
  const address = `/${kind}/${id}/picture`;
  if (count === 1) return html`<p class="picture"><img src="${address}" alt="${title}"></p>`;
  const others = Array.from({ length: count - 1 }, (_, index) => index + 2);
  return html`<ul class="gallery" tabindex="0" aria-label="Pictures">
<li class="picture"><img src="${address}" alt="${title}, picture 1 of ${count}"></li>
${others.map((number) => html`<li class="picture"><img src="${address}/${number}" alt="${title}, picture ${number} of ${count}" loading="lazy"></li>`)}</ul>`;
}
