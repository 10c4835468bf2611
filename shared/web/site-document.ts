import { html, type SafeHtml } from "@remix-run/html-template";
import { addressOf, TYPEFACE } from "./files.ts";

export const SITE_NAME = "C500";
export const TAGLINE = "Custom keyboards, built live";

/**
 * Only our own style sheets, typeface and images load, forms are sent only to `formTargets`, and scripts run only on
 * pages that have one: ours, which connect only to us. https://www.w3.org/TR/CSP3/
 */
export function contentSecurityPolicy({
  hasScript = false,
  formTargets = [],
}: {
  readonly hasScript?: boolean;
  readonly formTargets?: readonly string[];
} = {}): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    `form-action ${formTargets.join(" ") || "'none'"}`,
    "frame-ancestors 'none'",
    ...(hasScript ? ["script-src 'self'", "connect-src 'self'"] : []),
  ].join("; ");
}

/** The content of a document. */
export interface SiteDocument {
  readonly title: string;
  /** More tags for its head. */
  readonly head: SafeHtml;
  readonly body: SafeHtml;
  /** Where visitors join our Discord; without it the page does not offer it. */
  readonly inviteUrl: string | undefined;
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

/** The tags for our typeface, in every document. */
export function typefaceTags(): SafeHtml {
  return html`<link rel="preload" href="${TYPEFACE}" as="font" type="font/woff2" crossorigin>
<link rel="stylesheet" href="${addressOf("font.css")}">`;
}

/** An HTML document in the site's layout. */
export function siteDocument({ title, head, body, inviteUrl }: SiteDocument): string {
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${typefaceTags()}
<link rel="stylesheet" href="${addressOf("style.css")}">
<link rel="icon" href="/pictures/favicon.svg" type="image/svg+xml">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#fff6ef" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#211a2b" media="(prefers-color-scheme: dark)">
${head}
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top">
<a class="logo" href="/" aria-label="C500, home">${keycaps()}</a>
<nav aria-label="Site"><a href="/#live">Live</a><a href="/#drops">Shop</a><a href="/about">About</a></nav>
${joinLink(inviteUrl)}
</header>
<main id="content">
${body}
</main>
<footer class="bottom">
<p>C500 is a collective of keyboard builders. We sell on Discord and build on stream.</p>
<p><a href="/about">How it works</a>${inviteUrl ? html` · <a href="${inviteUrl}">Join our Discord</a>` : ""}</p>
</footer>
</body>
</html>
`;
  return String(document);
}

function joinLink(inviteUrl: string | undefined): SafeHtml | undefined {
  return inviteUrl === undefined
    ? undefined
    : html`<a class="button join" href="${inviteUrl}">Join our Discord</a>`;
}

function keycaps(): SafeHtml[] {
  return [...SITE_NAME].map((letter) => html`<span class="key">${letter}</span>`);
}
