import { html } from "@remix-run/html-template";
import { notFoundPage } from "../../../shared/web/notices.ts";
import { OVERLAY_SHEET } from "../../../shared/web/overlay-layout.ts";
import type { Page } from "../../../shared/web/page.ts";
import { REFRESH_SECONDS } from "../../../shared/web/refresh.ts";
import { type AuctionDeps, readFacts } from "./auction-facts.ts";
import { auctionCaching } from "./auction-feed.ts";
import { AUCTION_SCRIPT, bidList, followed, shown, timeLeft } from "./follow.ts";

const THEMES = ["pastel", "dark", "minimal"] as const;
const SIZES = ["medium", "small", "large"] as const;

/** The query parameters that an overlay understands. */
export const overlayParameters = {
  theme: (value: string) => THEMES.find((known) => known === value),
  size: (value: string) => SIZES.find((known) => known === value),
};

/** The requested look of an overlay. */
export interface OverlayLook {
  readonly theme: string | undefined;
  readonly size: string | undefined;
}

/**
 * An auction as an overlay on a stream, for a browser source. Unknown themes and sizes are ignored: a misspelt
 * theme must not spoil a stream.
 */
export async function overlayPage(
  id: string,
  { theme, size }: OverlayLook,
  deps: AuctionDeps,
): Promise<Page> {
  const found = await readFacts(id, deps);
  if (!found) return notFoundPage("There is no such auction. Copy the id from the auction's page.");
  const { facts } = found;
  return {
    status: 200,
    title: `${facts.title} · Overlay`,
    caching: auctionCaching(facts),
    script: AUCTION_SCRIPT,
    refreshSeconds: REFRESH_SECONDS,
    overlay: {
      sheets: [OVERLAY_SHEET],
      look: { theme: oneOf(THEMES, theme), size: oneOf(SIZES, size) },
    },
    body: html`<main ${followed(facts)}>
<p class="standing"><span role="status">${shown(facts, "headline")}</span>${timeLeft(facts)}</p>
<h1>${shown(facts, "title")}</h1>
<div aria-live="polite" aria-atomic="true">
<p class="label">${shown(facts, "priceLabel")}</p>
<p class="price">${shown(facts, "price")}</p>
<p class="leader"${facts.leader === null ? html` hidden` : ""} data-row>${shown(facts, "leaderLabel")}
<strong>${shown(facts, "leader")}</strong></p>
</div>
${bidList(facts.lastBids)}
<p class="lost">Reconnecting…</p>
</main>`,
  };
}

/** An empty overlay while something is wrong: a stream must not show our errors. It reloads itself. */
export function emptyOverlay(): Page {
  return {
    status: 503,
    title: "Overlay",
    caching: "personal",
    refreshSeconds: REFRESH_SECONDS,
    overlay: { sheets: [OVERLAY_SHEET], look: {} },
    body: html``,
  };
}

/** The value if it is in the list, otherwise the list's first. */
function oneOf(list: readonly [string, ...string[]], value: string | undefined): string {
  return list.find((known) => known === value) ?? list[0];
}
