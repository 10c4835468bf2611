import type { Response } from "@google-cloud/functions-framework";
import type { Deps } from "../deps.ts";
import { isShopWord, shopAddressOf } from "../domain/shop-link.ts";

const CODE_PATH = /^\/buy\/([^/]+)\/code\.svg$/;
/** The image depends only on its address. */
const CACHE_CONTROL = "public, max-age=86400, s-maxage=86400";
/** An image that someone opens directly runs and loads nothing. */
const CONTENT_SECURITY_POLICY = "default-src 'none'";
/** In modules. The standard requires four; our pages add a white plate around the code. */
const BORDER = 2;

/** The shop's word in a path to a QR code. */
export function shopCodeWordOf(path: string): string | undefined {
  const word = CODE_PATH.exec(path)?.[1];
  return word !== undefined && isShopWord(word) ? word : undefined;
}

/** The path of the QR code of a race's short address. */
export function shopCodePath(word: string): string {
  return `/buy/${word}/code.svg`;
}

/** Sends the QR code of a short address as an image. For an unknown word it leads to a page that says so. */
export async function sendShopCode(
  word: string,
  response: Response,
  { config }: Pick<Deps, "config">,
): Promise<void> {
  const { default: encode } = await import("qr");
  const address = shopAddressOf(word, config.PUBLIC_SITE_URL);
  const modules = encode(address, "raw", { ecc: "medium", border: BORDER });
  response
    .set({
      "cache-control": CACHE_CONTROL,
      "content-security-policy": CONTENT_SECURITY_POLICY,
      "x-content-type-options": "nosniff",
    })
    .type("image/svg+xml")
    .send(drawn(modules));
}

/** The code as SVG: each run of dark modules in a row is one rectangle. */
function drawn(modules: readonly (readonly boolean[])[]): string {
  const runs = modules.flatMap((row, y) => {
    const text = row.map((isDark) => (isDark ? "1" : "0")).join("");
    return [...text.matchAll(/1+/g)].map(
      ({ 0: { length }, index }) => `M${index} ${y}h${length}v1h-${length}z`,
    );
  });
  const size = modules.length;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"/><path d="${runs.join("")}" fill="#1a1204"/></svg>\n`;
}
