import { html, type SafeHtml } from "@remix-run/html-template";
import { formatMoney } from "../../../shared/money/money.ts";
import type { Page } from "../../../shared/web/page.ts";
import { plainLine } from "../../../shared/web/text.ts";
import { auctionsSection } from "../../auctions/web/auction-list.ts";
import type { Builder } from "../../members/store/builders.ts";
import type { Drop } from "../../shop/domain/drop.ts";
import { builderName, channelUrl, findBuilder, liveBadge } from "../../shop/web/builder.ts";
import { isForSale, type Offer, stockBadge } from "../../shop/web/stock.ts";
import type { Deps } from "../deps.ts";

/** Each one costs a few reads whenever the CDN fetches the page. */
const MAX_DROPS = 24;

/** The landing page: who is live, what is under the hammer and what is on sale. */
export async function landingPage({
  auctions,
  builders,
  clock,
  drops,
}: Pick<Deps, "auctions" | "builders" | "clock" | "drops">): Promise<Page> {
  const [live, running, open] = await Promise.all([
    builders.live(),
    auctions.running(),
    drops.open(),
  ]);
  const offers = await offersOf(open.slice(0, MAX_DROPS), { builders, drops });
  return {
    status: 200,
    title: "",
    caching: "stock",
    canonicalPath: "/",
    preview: {
      description: "Meet the builders, watch them solder, and catch a drop while it is warm.",
    },
    body: html`${hero()}${liveSection(live)}${auctionsSection(running, clock.now())}
${dropsSection(offers, open.length)}${steps()}`,
  };
}

/** Drops with their stock; those that can be bought come first. */
async function offersOf(
  shown: readonly Drop[],
  { builders, drops }: Pick<Deps, "builders" | "drops">,
): Promise<Offer[]> {
  const sellerIds = [...new Set(shown.map(({ builderId }) => builderId))];
  const [sellers, stocks] = await Promise.all([
    Promise.all(sellerIds.map((id) => findBuilder(builders, id))),
    Promise.all(shown.map(({ id }) => drops.stockLevel(id))),
  ]);
  const offers = shown.flatMap((drop, index): Offer[] => {
    const stock = stocks[index];
    return stock ? [{ drop, stock, builder: sellers[sellerIds.indexOf(drop.builderId)] }] : [];
  });
  const rank = (offer: Offer) => (isForSale(offer) ? 0 : 1);
  return offers.sort((one, other) => rank(one) - rank(other));
}

function hero(): SafeHtml {
  return html`<section class="hero">
<img src="/keyboard.svg" alt="" width="640" height="270">
<h1>Custom keyboards, built live</h1>
<p class="lead">A little collective of builders with warm soldering irons. Watch your keyboard come
together on stream, and know that your money is held until it does.</p>
</section>`;
}

function liveSection(live: readonly Builder[]): SafeHtml {
  return html`<section id="live" aria-labelledby="live-title">
<h2 id="live-title">On the bench right now</h2>
${live.length > 0 ? html`<ul class="cards">${live.map(liveCard)}</ul>` : quiet()}
</section>`;
}

function liveCard(builder: Builder): SafeHtml {
  const url = channelUrl(builder);
  return html`<li class="card bench">${liveBadge()}
<h3><bdi>${builderName(builder)}</bdi></h3>
${url ? html`<a class="button" href="${url}">Watch on Twitch</a>` : ""}</li>`;
}

function quiet(): SafeHtml {
  return html`<p class="quiet">Nobody is streaming at the moment. The irons are cooling and the tea is
brewing. Come back later!</p>`;
}

function dropsSection(offers: readonly Offer[], total: number): SafeHtml {
  return html`<section id="drops" aria-labelledby="drops-title">
<h2 id="drops-title">Open drops</h2>
${offers.length > 0 ? html`<ul class="cards">${offers.map(offerCard)}</ul>` : nothingOpen()}
${total > offers.length ? html`<p class="quiet">There are more in our Discord's marketplace.</p>` : ""}
</section>`;
}

function nothingOpen(): SafeHtml {
  return html`<p class="quiet">No drop is open right now. New ones are announced on our Discord
first.</p>`;
}

function offerCard(offer: Offer): SafeHtml {
  const { drop, builder } = offer;
  return html`<li class="card offer${isForSale(offer) ? "" : " faded"}">
<h3><a href="/drop/${drop.id}"><bdi>${plainLine(drop.title, 100)}</bdi></a></h3>
<p class="by"><span>by <bdi>${builderName(builder)}</bdi></span>${builder?.isLive ? liveBadge() : ""}</p>
<p class="price">${formatMoney(drop.price, drop.currency)} ${stockBadge(offer)}</p></li>`;
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
