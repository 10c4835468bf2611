import { html } from "@remix-run/html-template";
import { followTags } from "./follow.ts";
import type { Page } from "./page.ts";

/** The beginning of the overlay's style sheet's SHA-256. */
export const OVERLAY_STYLE_VERSION = "9901b6da";

/** The whole document of an overlay: nothing around it, and nothing behind it. */
export function overlayDocument(page: Page, { theme, size }: NonNullable<Page["overlay"]>): string {
  const document = html`<!doctype html>
<html lang="en" data-theme="${theme}" data-size="${size}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${page.title}</title>
<link rel="stylesheet" href="/overlay.css?v=${OVERLAY_STYLE_VERSION}">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
${followTags(page)}</head>
<body>
${page.body}
</body>
</html>
`;
  return String(document);
}
