import { html, type SafeHtml } from "@remix-run/html-template";
import { followTags } from "./follow.ts";
import { overlayDocument } from "./overlay-layout.ts";
import type { Page, Preview } from "./page.ts";

/** The beginning of the style sheet's SHA-256, so that a browser fetches a changed one at once. */
export const STYLE_VERSION = "ccea518e";

const SITE_NAME = "C500";
const TAGLINE = "Custom keyboards, built live";

/** The whole document of a page. `siteUrl` is where the site is found, without a slash at the end. */
export function documentOf(page: Page, siteUrl: string): string {
  if (page.overlay) return overlayDocument(page, page.overlay);
  const title = page.title ? `${page.title} · ${SITE_NAME}` : `${SITE_NAME}: ${TAGLINE}`;
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/style.css?v=${STYLE_VERSION}">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#fff6ef" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#211a2b" media="(prefers-color-scheme: dark)">
${followTags(page)}${searchTags(page, siteUrl)}${previewTags(page, title, siteUrl)}
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top">
<a class="logo" href="/" aria-label="C500, home">${keycaps()}</a>
<nav aria-label="Site"><a href="/#live">Live</a><a href="/#drops">Drops</a><a href="/about">About</a></nav>
</header>
<main id="content">
${page.body}
</main>
<footer class="bottom">
<p>C500 is a collective of keyboard builders. We sell on Discord and build on stream.</p>
<p><a href="/about">How it works</a></p>
</footer>
</body>
</html>
`;
  return String(document);
}

function keycaps(): SafeHtml[] {
  return [...SITE_NAME].map((letter) => html`<span class="key">${letter}</span>`);
}

function searchTags({ canonicalPath }: Page, siteUrl: string): SafeHtml {
  if (canonicalPath === undefined) return html`<meta name="robots" content="noindex">\n`;
  return html`<link rel="canonical" href="${siteUrl}${canonicalPath}">\n`;
}

/** https://ogp.me */
function previewTags(
  { preview, canonicalPath }: Page,
  documentTitle: string,
  siteUrl: string,
): SafeHtml | undefined {
  if (!preview || canonicalPath === undefined) return undefined;
  const { title = documentTitle, description, price } = preview;
  return html`<meta name="description" content="${description}">
<meta property="og:site_name" content="${SITE_NAME}">
<meta property="og:type" content="${price ? "product" : "website"}">
<meta property="og:title" content="${title}">
<meta property="og:description" content="${description}">
<meta property="og:url" content="${siteUrl}${canonicalPath}">
<meta property="og:image" content="${siteUrl}/card.png">
<meta property="og:image:alt" content="${SITE_NAME}: ${TAGLINE}">
<meta name="twitter:card" content="summary_large_image">
${price ? priceTags(price) : ""}`;
}

/** https://developers.facebook.com/docs/payments/product */
function priceTags({ amount, currency }: NonNullable<Preview["price"]>): SafeHtml {
  return html`<meta property="product:price:amount" content="${amount}">
<meta property="product:price:currency" content="${currency}">
`;
}
