import { html, type SafeHtml } from "@remix-run/html-template";
import { overlayDocument } from "./overlay-layout.ts";
import type { Page, Preview } from "./page.ts";
import { followTags } from "./refresh.ts";
import { SITE_NAME, siteDocument, TAGLINE } from "./site-document.ts";

/** The HTML document of a page. `siteUrl` is the site's address without a trailing slash. */
export function documentOf(page: Page, siteUrl: string): string {
  if (page.overlay) return overlayDocument(page, page.overlay);
  const title = page.title ? `${page.title} · ${SITE_NAME}` : `${SITE_NAME}: ${TAGLINE}`;
  const head = html`${sheetTag(page)}${followTags(page)}${searchTags(page, siteUrl)}${previewTags(page, title, siteUrl)}`;
  return siteDocument({ title, head, body: page.body });
}

function sheetTag({ sheet }: Page): SafeHtml | undefined {
  return sheet === undefined ? undefined : html`<link rel="stylesheet" href="${sheet}">\n`;
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
