import { html, type SafeHtml } from "@remix-run/html-template";
import { addressOf } from "../../../shared/web/files.ts";
import { notFoundPage } from "../../../shared/web/notices.ts";
import type { Page } from "../../../shared/web/page.ts";
import { cardPath, picturesIn } from "../../../shared/web/picture.ts";
import { REFRESH_SECONDS } from "../../../shared/web/refresh.ts";
import { builderLink, liveBadge } from "../../shop/web/builder.ts";
import { initialKey } from "../../shop/web/drop-card.ts";
import { howItIsPaid } from "../../shop/web/payment-plan.ts";
import { howItShips } from "../../shop/web/shipping.ts";
import type { Deps } from "../deps.ts";
import { type AuctionDeps, type AuctionFacts, readFacts } from "./auction-facts.ts";
import { auctionCaching } from "./auction-feed.ts";
import { isOpen } from "./auction-phase.ts";
import { AUCTION_SCRIPT, bidList, endTime, followed, shown, timeLeft } from "./follow.ts";
import { structuredAuction } from "./structured.ts";

type AuctionPageDeps = AuctionDeps & { readonly config: Pick<Deps["config"], "PUBLIC_SITE_URL"> };

/** The beginning of the style sheet's SHA-256. */
export const AUCTION_STYLE_VERSION = "366d25df";

/** An auction's page. A script keeps it current; without scripts the browser reloads it. */
export async function auctionPage(id: string, deps: AuctionPageDeps): Promise<Page> {
  const found = await readFacts(id, deps);
  if (!found) return notFoundPage("There is no such auction. Check the link.");
  const { facts, builder, plan, shipping, picture } = found;
  const caching = auctionCaching(facts);
  const pictured = { kind: "auction", id, number: 1 } as const;
  return {
    status: 200,
    title: `${facts.title} · Auction`,
    caching,
    sheets: [addressOf("shop.css"), `/pages/auction.css?v=${AUCTION_STYLE_VERSION}`],
    canonicalPath: `/auction/${id}`,
    preview: {
      title: `${facts.title}, at auction: ${facts.price}`,
      description: `${facts.headline}. ${facts.priceLabel} ${facts.price}. ${facts.activity}, by ${facts.builder}.`,
      ...(picture && { picture: { path: cardPath(pictured), alt: facts.title } }),
    },
    structured: structuredAuction(found, deps.config.PUBLIC_SITE_URL),
    ...(caching === "bidding" && { script: AUCTION_SCRIPT, refreshSeconds: REFRESH_SECONDS }),
    body: html`<article class="item auction" ${followed(facts)}>
<div class="seen">${picture ? picturesIn({ ...pictured, sizes: [picture.size] }, facts.title) : html`<p class="picture none">${initialKey(facts.title)}</p>`}</div>
<div class="facts">
<header>
<p class="by"><span>An auction by ${builderLink(builder)}</span>${builder?.isLive ? liveBadge() : ""}</p>
<h1><bdi>${facts.title}</bdi></h1>
</header>
${lot(facts)}
${isOpen(facts.phase) ? howToBid() : ""}
<section class="card"><h2>Last bids</h2>${bidList(facts.lastBids)}<p class="quiet">None yet.</p></section>
${caching === "bidding" || facts.state === "sold" ? howItIsPaid({ plan }) : ""}
${isOpen(facts.phase) ? howItShips({ shipping }) : ""}
</div>
</article>`,
  };
}

function lot(facts: AuctionFacts): SafeHtml {
  return html`<section class="card lot" aria-label="Where the auction stands">
<p class="standing"><span class="badge" role="status">${shown(facts, "headline")}</span>
${timeLeft(facts)}</p>
<div aria-live="polite" aria-atomic="true">
<p class="label">${shown(facts, "priceLabel")}</p>
<p class="huge">${shown(facts, "price")}</p>
<p class="leader"${hiddenWithout(facts.leader)} data-row>${shown(facts, "leaderLabel")}
<strong>${shown(facts, "leader")}</strong></p>
</div>
<dl>${row(html`Bids`, facts, "activity")}${row(html`Next bid`, facts, "nextBid")}
${row(html`Reserve`, facts, "reserve")}
<div${hiddenWithout(facts.ends)} data-row><dt>${shown(facts, "endsLabel")}</dt><dd>${endTime(facts)}</dd></div></dl>
<p class="lost">The connection is lost right now. This page keeps trying.</p>
</section>`;
}

function row(
  label: SafeHtml,
  facts: AuctionFacts,
  name: "activity" | "nextBid" | "reserve",
): SafeHtml {
  return html`<div${hiddenWithout(facts[name])} data-row><dt>${label}</dt><dd>${shown(facts, name)}</dd></div>`;
}

function hiddenWithout(text: string | null): SafeHtml | undefined {
  return text === null ? html` hidden` : undefined;
}

function howToBid(): SafeHtml {
  return html`<section class="card buy while-open"><h2>How to bid</h2>
<p>In our Discord, press a bid button under the auction's board, or use <code>/bid</code>. Can't be
there until the end? Give <code>/bid</code> your highest amount: it stays secret, and we bid for you only
as high as needed.</p></section>`;
}
