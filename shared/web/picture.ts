import { html, type SafeHtml } from "@remix-run/html-template";
import { readId } from "../documents/outside-id.ts";
import type { HttpRequest } from "../runtime/http.ts";
import type { PictureSize } from "./picture-size.ts";

/** The kinds of things that have pictures. */
const KINDS = ["drop", "auction"] as const;

const PICTURE_PATH = new RegExp(`^/(${KINDS.join("|")})/([^/]+)/picture(?:/([2-9]))?$`);

/** The types of pictures that are accepted and served; none of them can run code in a browser. */
const TYPES: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** The widths in which pictures are sent; a browser chooses by its screen. */
const WIDTHS = [320, 640, 960, 1440] as const;
/** The width of a picture in a link preview: https://ogp.me asks for none, and most services show about this. */
const CARD_WIDTH = 1200;
/** The shape of a picture whose size is not known; it is shown whole within that. */
const USUAL_SIZE = { width: 1200, height: 900 };

/** Whether a `content-type` is that of a picture. */
export function isPictureType(contentType: string | null | undefined): boolean {
  return TYPES.has(contentType?.split(";")[0] ?? "");
}

/** The path patterns of pictures. */
export const picturePaths = KINDS.flatMap((kind) => [
  `/${kind}/:id/picture`,
  `/${kind}/:id/picture/:number`,
]);

/** The query parameters of a picture's address. */
export const pictureParameters = {
  width: (value: string) => WIDTHS.map(String).find((known) => known === value),
  for: (value: string) => (value === "card" ? value : undefined),
};

/** Whether a path is a picture's. */
export function isPicturePath(path: string): boolean {
  return PICTURE_PATH.test(path);
}

/** The thing that a picture shows. */
export interface Pictured {
  readonly kind: (typeof KINDS)[number];
  readonly id: string;
  /** Which of its pictures; the first is 1. */
  readonly number: number;
}

/** A picture as it is requested. */
export interface RequestedPicture extends Pictured {
  /** The size to send it in; undefined for the file itself. */
  readonly wanted?: { readonly width: number; readonly format: "webp" | "jpeg" };
}

/** The picture that is requested; undefined if the path is not a picture's. */
export function pictureOf(
  request: Pick<HttpRequest, "path" | "query">,
): RequestedPicture | undefined {
  const [, named, of, number = "1"] = PICTURE_PATH.exec(request.path) ?? [];
  const kind = KINDS.find((known) => known === named);
  const id = readId(of);
  if (kind === undefined || id === undefined) return undefined;
  const pictured = { kind, id, number: Number(number) };
  // Not every service that shows link previews reads WebP.
  if (request.query["for"] === "card") {
    return { ...pictured, wanted: { width: CARD_WIDTH, format: "jpeg" } };
  }
  const width = WIDTHS.find((known) => String(known) === request.query["width"]);
  return width === undefined ? pictured : { ...pictured, wanted: { width, format: "webp" } };
}

/** A picture's path on the site. */
export function picturePath({ kind, id, number }: Pictured): string {
  return number === 1 ? `/${kind}/${id}/picture` : `/${kind}/${id}/picture/${number}`;
}

/** A picture's path in link previews. */
export function cardPath(pictured: Pictured): string {
  return `${picturePath(pictured)}?for=card`;
}

/** How a picture stands on a page. */
export interface PicturePlace {
  readonly alt: string;
  /** Its width on the page: https://html.spec.whatwg.org/#sizes-attributes */
  readonly sizes: string;
  /** Loads it only when it is near the screen. */
  readonly isLazy?: boolean;
}

/** A picture in several widths, with its size, so that the page does not move when it arrives. */
export function pictureTag(
  pictured: Pictured,
  size: PictureSize | undefined,
  { alt, sizes, isLazy = false }: PicturePlace,
): SafeHtml {
  const path = picturePath(pictured);
  const { width, height } = size ?? USUAL_SIZE;
  const sources = widthsFor(width).map((each) => `${path}?width=${each} ${each}w`);
  const loading = isLazy ? html` loading="lazy"` : html``;
  return html`<img src="${path}?width=640" srcset="${sources.join(", ")}" sizes="${sizes}" width="${width}" height="${height}" alt="${alt}"${loading} decoding="async"${isTall(size) ? html` class="tall"` : ""}>`;
}

/** Whether a picture is higher than wide. */
function isTall(size: PictureSize | undefined): boolean {
  return size === undefined || size.height > size.width;
}

/** The widths up to a picture's own, and the next: it is not enlarged to that. */
function widthsFor(width: number): number[] {
  return WIDTHS.filter((_, index) => index === 0 || (WIDTHS[index - 1] ?? 0) < width);
}

/** What is pictured, with the sizes of its pictures. */
interface Gallery extends Omit<Pictured, "number"> {
  readonly sizes: readonly (PictureSize | undefined)[];
}

/** A gallery takes the page's width on a phone, and a part of it on a larger screen. */
const GALLERY_SIZES = "(min-width: 64rem) 38rem, 100vw";

/** The pictures of something on a page. Several stand side by side and can be scrolled through, without a script. */
export function picturesIn({ kind, id, sizes }: Gallery, title: string): SafeHtml {
  const count = sizes.length;
  const picture = (size: PictureSize | undefined, index: number) => {
    const number = index + 1;
    const alt = count === 1 ? title : `${title}, picture ${number} of ${count}`;
    const place = { alt, sizes: GALLERY_SIZES, isLazy: index > 0 };
    return pictureTag({ kind, id, number }, size, place);
  };
  if (count === 1) return html`<p class="picture">${picture(sizes[0], 0)}</p>`;
  return html`<ul class="gallery" tabindex="0" aria-label="Pictures">
${sizes.map((size, index) => html`<li class="picture">${picture(size, index)}</li>`)}</ul>`;
}
