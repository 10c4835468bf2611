import { html, type SafeHtml } from "@remix-run/html-template";

/** The beginning of the style sheet's SHA-256, so that browsers fetch a changed one at once. */
export const STYLE_VERSION = "0f64ce40";

export const SITE_NAME = "C500";
export const TAGLINE = "Custom keyboards, built live";

/**
 * Only our own style sheets and images load, forms are sent only to `formTargets`, and scripts run only on pages that
 * have one: ours, which connect only to us. https://www.w3.org/TR/CSP3/
 */
export function contentSecurityPolicy({
  script,
  formTargets = [],
}: {
  readonly script?: string;
  readonly formTargets?: readonly string[];
} = {}): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    `form-action ${formTargets.join(" ") || "'none'"}`,
    "frame-ancestors 'none'",
    ...(script === undefined ? [] : ["script-src 'self'", "connect-src 'self'"]),
  ].join("; ");
}

/** The content of a document. */
export interface SiteDocument {
  readonly title: string;
  /** More tags for its head. */
  readonly head: SafeHtml;
  readonly body: SafeHtml;
}

/** The content of a card with a single notice. */
export interface NoticeCard {
  readonly heading: string;
  /** Sets the colour: something good, something under way, or an end. */
  readonly tone: "good" | "waiting" | "over";
  readonly body: SafeHtml;
}

/** A card with a single notice. */
export function noticeCard({ heading, tone, body }: NoticeCard, next: SafeHtml): SafeHtml {
  return html`<section class="card notice ${tone}"><h1>${heading}</h1>
${body}
${next}</section>`;
}

/** An HTML document in the site's layout. */
export function siteDocument({ title, head, body }: SiteDocument): string {
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
${head}
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top">
<a class="logo" href="/" aria-label="C500, home">${keycaps()}</a>
<nav aria-label="Site"><a href="/#live">Live</a><a href="/#drops">Drops</a><a href="/about">About</a></nav>
</header>
<main id="content">
${body}
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
