/**
 * The addresses of static files that several pages load, each with the beginning of the file's SHA-256: browsers keep a
 * file for a day, and fetch a changed one at once.
 */
export const addresses = {
  "font.css": "/font.css?v=2632f628",
  "shop.css": "/shop.css?v=1810d81f",
  "style.css": "/style.css?v=4252e834",
  "times.js": "/times.js?v=b8a666ff",
} as const;

/** The typeface. Its name holds its version, because the style sheet names it as well. */
export const TYPEFACE = "/nunito-1.woff2";

/** The address of a static file. */
export function addressOf(name: keyof typeof addresses): string {
  return addresses[name];
}
