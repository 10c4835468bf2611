import { html, type SafeHtml } from "@remix-run/html-template";
import { formatMoney } from "../../../shared/money/money.ts";
import { momentOf, plainLine } from "../../../shared/web/text.ts";
import type { Auction } from "../domain/auction.ts";
import { headlineOf, phaseOf } from "./auction-phase.ts";

/** The number of auctions on the landing page. */
const MAX_AUCTIONS = 12;

/** The running auctions, those that end first come first; undefined if none runs. */
export function auctionsSection(running: readonly Auction[], now: Date): SafeHtml | undefined {
  if (running.length === 0) return undefined;
  const cards = running
    .toSorted((one, other) => endOf(one) - endOf(other))
    .slice(0, MAX_AUCTIONS)
    .map((auction) => auctionCard(auction, now));
  return html`<section id="auctions" aria-labelledby="auctions-title">
<h2 id="auctions-title">Under the hammer</h2>
<ul class="cards">${cards}</ul>
${running.length > MAX_AUCTIONS ? html`<p class="quiet">There are more in our Discord.</p>` : ""}
</section>`;
}

function auctionCard(auction: Auction, now: Date): SafeHtml {
  const { id, title, standing, startPrice, currency, endsAt } = auction;
  const price = formatMoney(standing?.price ?? startPrice, currency);
  const headline = headlineOf(auction, phaseOf(auction, now));
  const ends = endsAt
    ? html`<p class="by"><span>Ends <time datetime="${endsAt.toISOString()}">${momentOf(endsAt)}</time></span></p>`
    : "";
  return html`<li class="card offer">
<h3><a href="/auction/${id}"><bdi>${plainLine(title, 100)}</bdi></a></h3>
${ends}
<p class="price">${standing ? "" : "from "}${price} <span class="badge live">${headline}</span></p></li>`;
}

function endOf({ endsAt }: Auction): number {
  return endsAt?.getTime() ?? Number.POSITIVE_INFINITY;
}
