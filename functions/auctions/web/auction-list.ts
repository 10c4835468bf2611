import { html, type SafeHtml } from "@remix-run/html-template";
import { formatMoney } from "../../../shared/money/money.ts";
import { pictureTag } from "../../../shared/web/picture.ts";
import { readSize } from "../../../shared/web/picture-size.ts";
import { plainLine } from "../../../shared/web/text.ts";
import { countdownTag, timeTag } from "../../../shared/web/time-tag.ts";
import { CARD_SIZES, initialKey } from "../../shop/web/drop-card.ts";
import type { Auction } from "../domain/auction.ts";
import { counted, hasPicture } from "./auction-facts.ts";
import { headlineOf, phaseOf } from "./auction-phase.ts";

/** The number of auctions of each kind on the landing page. */
const MAX_AUCTIONS = 12;

/** The running auctions, those that end first come first; undefined if none runs. */
export function auctionsSection(running: readonly Auction[], now: Date): SafeHtml | undefined {
  if (running.length === 0) return undefined;
  const cards = running
    .toSorted((one, other) => endOf(one) - endOf(other))
    .slice(0, MAX_AUCTIONS)
    .map((auction) => runningCard(auction, now));
  return html`<section id="auctions" aria-labelledby="auctions-title">
<h2 id="auctions-title">Under the hammer</h2>
<ul class="products lots">${cards}</ul>
${running.length > MAX_AUCTIONS ? html`<p class="quiet">There are more in our Discord.</p>` : ""}
</section>`;
}

/** The auctions that have not begun; undefined if there are none. */
export function upcomingSection(planned: readonly Auction[], now: Date): SafeHtml | undefined {
  if (planned.length === 0) return undefined;
  const cards = planned.slice(0, MAX_AUCTIONS).map((auction) => plannedCard(auction, now));
  return html`<section id="upcoming" aria-labelledby="upcoming-title">
<h2 id="upcoming-title">Coming up</h2>
<ul class="products small">${cards}</ul>
</section>`;
}

function runningCard(auction: Auction, now: Date): SafeHtml {
  const { standing, startPrice, currency, endsAt } = auction;
  const price = formatMoney(standing?.price ?? startPrice, currency);
  const phase = phaseOf(auction, now);
  const isCounting = phase === "live" || phase === "going";
  const ends = endsAt && isCounting ? endTime(endsAt, now) : undefined;
  const badge = html`<span class="badge hammer">${headlineOf(auction, phase)}</span>`;
  return card(
    auction,
    now,
    badge,
    html`<p class="price">${standing ? "" : "from "}${price} <small>${counted(standing?.bids ?? 0, "bid")}</small></p>
${ends}`,
  );
}

function endTime(endsAt: Date, now: Date): SafeHtml {
  return html`<p class="ends">Ends in ${countdownTag(endsAt, now)}<br>${timeTag(endsAt)}</p>`;
}

function plannedCard(auction: Auction, now: Date): SafeHtml {
  const price = formatMoney(auction.startPrice, auction.currency);
  const badge = html`<span class="badge soon">${headlineOf(auction, phaseOf(auction, now))}</span>`;
  return card(auction, now, undefined, html`<p class="price">from ${price}</p>\n<p>${badge}</p>`);
}

function card(auction: Auction, now: Date, badge: SafeHtml | undefined, about: SafeHtml): SafeHtml {
  const { id, title } = auction;
  return html`<li class="card product">
<div class="shot">${shotOf(auction, now)}${badge}</div>
<div class="about"><h3><a href="/auction/${id}"><bdi>${plainLine(title, 100)}</bdi></a></h3>
${about}</div></li>`;
}

/** The card's link says what is pictured. */
function shotOf(auction: Auction, now: Date): SafeHtml {
  if (!hasPicture(auction, now)) return initialKey(auction.title);
  const pictured = { kind: "auction", id: auction.id, number: 1 } as const;
  return pictureTag(pictured, readSize(auction.imageSize), { alt: "", sizes: CARD_SIZES });
}

function endOf({ endsAt }: Auction): number {
  return endsAt?.getTime() ?? Number.POSITIVE_INFINITY;
}
