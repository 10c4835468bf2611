import { html, type SafeHtml } from "@remix-run/html-template";
import { addressOf } from "./files.ts";
import { overlayDocument } from "./overlay-layout.ts";
import type { Page, Preview, PreviewPicture } from "./page.ts";
import { followTags } from "./refresh.ts";
import { SITE_NAME, siteDocument, TAGLINE } from "./site-document.ts";

/** What every page of the site shows of the installation. */
export interface SiteConfig {
  /** The site's address without a trailing slash. */
  readonly PUBLIC_SITE_URL: string;
  readonly DISCORD_INVITE_URL?: string | undefined;
}

/** The HTML document of a page. */
export function documentOf(page: Page, config: SiteConfig): string {
  if (page.overlay) return overlayDocument(page, page.overlay);
  const { PUBLIC_SITE_URL: siteUrl, DISCORD_INVITE_URL: inviteUrl } = config;
  const title = page.title ? `${page.title} · ${SITE_NAME}` : `${SITE_NAME}: ${TAGLINE}`;
  const head = html`${sheetTags(page)}${timesTag(page)}${followTags(page)}${searchTags(page, siteUrl)}${previewTags(page, title, siteUrl)}${structuredTag(page)}`;
  return siteDocument({ title, head, body: page.body, inviteUrl });
}

/** Whether a page runs a script. */
export function hasScript(page: Page): boolean {
  return page.script !== undefined || showsTimes(page);
}

/** Whether a page has times for the viewer's zone, or counts down. */
function showsTimes({ body, overlay }: Page): boolean {
  return !overlay && /<time [^>]*data-local=|data-left-ms=/.test(String(body));
}

function timesTag(page: Page): SafeHtml | undefined {
  if (!showsTimes(page)) return undefined;
  return html`<script type="module" src="${addressOf("times.js")}"></script>\n`;
}

function sheetTags({ sheets = [] }: Page): SafeHtml[] {
  return sheets.map((sheet) => html`<link rel="stylesheet" href="${sheet}">\n`);
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
  const { title = documentTitle, description, price, picture = CARD } = preview;
  return html`<meta name="description" content="${description}">
<meta property="og:site_name" content="${SITE_NAME}">
<meta property="og:type" content="${price ? "product" : "website"}">
<meta property="og:title" content="${title}">
<meta property="og:description" content="${description}">
<meta property="og:url" content="${siteUrl}${canonicalPath}">
<meta property="og:image" content="${siteUrl}${picture.path}">
${picture.size ? sizeTags(picture.size) : ""}<meta property="og:image:alt" content="${picture.alt}">
<meta name="twitter:card" content="summary_large_image">
${price ? priceTags(price) : ""}`;
}

/** `web/pictures/card.png`. */
const CARD: PreviewPicture = {
  path: "/pictures/card.png",
  alt: `${SITE_NAME}: ${TAGLINE}`,
  size: { width: 1200, height: 630 },
};

function sizeTags({ width, height }: NonNullable<PreviewPicture["size"]>): SafeHtml {
  return html`<meta property="og:image:width" content="${width}">
<meta property="og:image:height" content="${height}">
`;
}

/** https://developers.facebook.com/docs/payments/product */
function priceTags({ amount, currency }: NonNullable<Preview["price"]>): SafeHtml {
  return html`<meta property="product:price:amount" content="${amount}">
<meta property="product:price:currency" content="${currency}">
`;
}

/** Without characters of HTML, so that no text in it can end the element: https://www.w3.org/TR/json-ld11/#restrictions-for-contents-of-json-ld-script-elements */
function structuredTag({ structured }: Page): SafeHtml | undefined {
  if (structured === undefined) return undefined;
  const json = JSON.stringify({ "@context": "https://schema.org", ...structured });
  return html`<script type="application/ld+json">${html.raw`${json.replace(/[<>&]/g, escaped)}`}</script>\n`;
}

function escaped(character: string): string {
  return `\\u00${character.charCodeAt(0).toString(16)}`;
}
