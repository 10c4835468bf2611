import { html, type SafeHtml } from "@remix-run/html-template";
import { addressOf } from "../../../shared/web/files.ts";
import type { Page } from "../../../shared/web/page.ts";
import { SITE_NAME, TAGLINE } from "../../../shared/web/site-document.ts";
import { auctionsSection, upcomingSection } from "../../auctions/web/auction-list.ts";
import type { Drop } from "../../shop/domain/drop.ts";
import { findBuilder } from "../../shop/web/builder.ts";
import { dropCard } from "../../shop/web/drop-card.ts";
import { isForSale, type Offer } from "../../shop/web/stock.ts";
import type { Deps } from "../deps.ts";
import { liveSection } from "./live-list.ts";

/** Each one costs a few reads whenever the CDN fetches the page. */
const MAX_DROPS = 24;
/** The pictures of these are loaded at once. */
const FIRST_DROPS = 4;

const DESCRIPTION = "Meet the builders, watch them solder, and catch a drop while it is warm.";

type LandingDeps = Pick<Deps, "auctions" | "builders" | "clock" | "drops" | "config">;

/** The landing page: who is live, what is under the hammer, on sale, coming up and sold out. */
export async function landingPage(deps: LandingDeps): Promise<Page> {
  const { auctions, builders, clock, config, drops } = deps;
  const [live, running, planned, open] = await Promise.all([
    builders.live(),
    auctions.running(),
    auctions.planned(),
    drops.open(),
  ]);
  const offers = await offersOf(open.slice(0, MAX_DROPS), { builders, drops });
  const [now, invite] = [clock.now(), config.DISCORD_INVITE_URL];
  return {
    status: 200,
    title: "",
    caching: "stock",
    sheets: [addressOf("shop.css")],
    canonicalPath: "/",
    preview: { description: DESCRIPTION },
    structured: {
      "@type": "Organization",
      name: SITE_NAME,
      slogan: TAGLINE,
      url: `${config.PUBLIC_SITE_URL}/`,
      logo: `${config.PUBLIC_SITE_URL}/pictures/card.png`,
      ...(invite !== undefined && { sameAs: [invite] }),
    },
    body: html`${hero(invite)}${liveSection(live)}${auctionsSection(running, now)}
${dropsSection(offers.filter(isForSale), open.length > MAX_DROPS)}${upcomingSection(planned, now)}
${goneSection(offers.filter((offer) => !isForSale(offer)))}${steps()}`,
  };
}

/** Drops with their stock. */
async function offersOf(
  shown: readonly Drop[],
  { builders, drops }: Pick<Deps, "builders" | "drops">,
): Promise<Offer[]> {
  const sellerIds = [...new Set(shown.map(({ builderId }) => builderId))];
  const [sellers, stocks] = await Promise.all([
    Promise.all(sellerIds.map((id) => findBuilder(builders, id))),
    Promise.all(shown.map(({ id }) => drops.stockLevel(id))),
  ]);
  return shown.flatMap((drop, index): Offer[] => {
    const stock = stocks[index];
    return stock ? [{ drop, stock, builder: sellers[sellerIds.indexOf(drop.builderId)] }] : [];
  });
}

function hero(inviteUrl: string | undefined): SafeHtml {
  return html`<section class="hero"><div>
<h1>Custom keyboards, built live</h1>
<p class="lead">A little collective of builders with warm soldering irons. Watch your keyboard come
together on stream, and know that your money is held until it does.</p>
<p class="calls"><a class="button" href="#drops">See what is on sale</a>${inviteUrl ? html` <a class="button second" href="${inviteUrl}">Join our Discord</a>` : ""}</p>
</div><img src="/pictures/keyboard.svg" alt="" width="640" height="270"></section>`;
}

function dropsSection(offers: readonly Offer[], hasMore: boolean): SafeHtml {
  return html`<section id="drops" aria-labelledby="drops-title">
<h2 id="drops-title">On sale now</h2>
${offers.length > 0 ? html`<ul class="products">${offers.map((offer, index) => dropCard(offer, index < FIRST_DROPS))}</ul>` : nothingOpen()}
${hasMore ? html`<p class="quiet">There are more in our Discord's marketplace.</p>` : ""}
</section>`;
}

function nothingOpen(): SafeHtml {
  return html`<p class="quiet">No drop is open right now. New ones are announced on our Discord
first.</p>`;
}

function goneSection(gone: readonly Offer[]): SafeHtml | undefined {
  if (gone.length === 0) return undefined;
  return html`<section id="gone" aria-labelledby="gone-title">
<h2 id="gone-title">Just missed</h2>
<p class="quiet">Press Notify me under a drop in our Discord, and you get one message when it is back.</p>
<ul class="products small">${gone.map((offer) => dropCard(offer, false))}</ul>
</section>`;
}

function steps(): SafeHtml {
  return html`<section aria-labelledby="steps-title">
<h2 id="steps-title">How it works</h2>
<ol class="steps">
<li><strong>Catch a drop.</strong> Press Buy Now under it in our Discord. The unit is yours for half
an hour while you pay.</li>
<li><strong>We hold the money.</strong> For made-to-order pieces the builder is paid only after
proof of work.</li>
<li><strong>Watch it happen.</strong> The builder goes live with your order on the bench, and you
get the link.</li>
</ol>
</section>`;
}
