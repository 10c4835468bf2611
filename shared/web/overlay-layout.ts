import { html } from "@remix-run/html-template";
import type { Overlay, Page } from "./page.ts";
import { followTags } from "./refresh.ts";
import { typefaceTags } from "./site-document.ts";

/** The beginning of the overlay's style sheet's SHA-256. */
export const OVERLAY_STYLE_VERSION = "5559c575";

/** The style sheet of an auction's overlay. */
export const OVERLAY_SHEET = `/overlays/overlay.css?v=${OVERLAY_STYLE_VERSION}`;

/** The HTML document of an overlay: without the site's layout, on a transparent background. */
export function overlayDocument(page: Page, { sheets, look }: Overlay): string {
  const attributes = Object.entries(look).map(([name, value]) => html` data-${name}="${value}"`);
  const document = html`<!doctype html>
<html lang="en"${attributes}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${page.title}</title>
${typefaceTags()}
${sheets.map((sheet) => html`<link rel="stylesheet" href="${sheet}">\n`)}<link rel="icon" href="/pictures/favicon.svg" type="image/svg+xml">
${followTags(page)}</head>
<body>
${page.body}
</body>
</html>
`;
  return String(document);
}
