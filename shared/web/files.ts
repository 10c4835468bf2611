/**
 * The addresses of static files that several pages load, each with the beginning of the file's SHA-256: browsers keep a
 * file for a day, and fetch a changed one at once.
 */
export const addresses = {
  "font.css": "/typeface/font.css?v=b310e7da",
  "shop.css": "/pages/shop.css?v=1810d81f",
  "style.css": "/pages/style.css?v=d70e1238",
  "times.js": "/pages/times.js?v=b8a666ff",
} as const;

/** The typeface. Its name holds its version, because the style sheet names it as well. */
export const TYPEFACE = "/typeface/nunito-1.woff2";

/** The address of a static file. */
export function addressOf(name: keyof typeof addresses): string {
  return addresses[name];
}
