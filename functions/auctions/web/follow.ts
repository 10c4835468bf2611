import { html, type SafeHtml } from "@remix-run/html-template";
import { countdown } from "../../../shared/web/text.ts";
import { type AuctionFacts, type BidFacts, feedPath } from "./auction-facts.ts";

/** The beginning of the script's SHA-256, so that browsers fetch a changed script at once. */
export const SCRIPT_VERSION = "b5f70c3b";

/** The script that keeps a page current with its auction's feed. */
export const AUCTION_SCRIPT = `/pages/auction.js?v=${SCRIPT_VERSION}`;

type Shown = {
  [Name in keyof AuctionFacts]: AuctionFacts[Name] extends string | null ? Name : never;
};

/** One text of the facts; the script replaces it when it changes. */
export function shown(facts: AuctionFacts, name: Shown[keyof AuctionFacts]): SafeHtml {
  return html`<bdi data-show="${name}">${facts[name] ?? ""}</bdi>`;
}

/** Attributes that give the script an auction's feed and phase. */
export function followed({ id, phase }: AuctionFacts): SafeHtml {
  return html.raw`data-feed="${feedPath(id)}" data-phase="${phase}"`;
}

/** An auction's end; the script replaces it when it moves. */
export function endTime({ endsAt, ends }: AuctionFacts): SafeHtml {
  return html`<time datetime="${endsAt ?? ""}" data-show="ends" data-local="moment">${ends ?? ""}</time>`;
}

/** The countdown to an auction's end. */
export function timeLeft({ endsAt, now, phase }: AuctionFacts): SafeHtml {
  const isCounting = endsAt !== null && (phase === "live" || phase === "going");
  const text = isCounting ? countdown(Date.parse(endsAt) - Date.parse(now)) : "";
  return html`<span class="countdown" role="timer" aria-live="off" data-countdown>${text}</span>`;
}

/** The last bids, newest first. */
export function bidList(bids: readonly BidFacts[]): SafeHtml {
  return html`<ol class="bids" data-bids>${bids.map(bidItem)}</ol>`;
}

function bidItem({ bidder, price, isLeading }: BidFacts): SafeHtml {
  return html`<li class="${isLeading ? "leading" : "outbid"}"><span>${bidder}</span>
<strong>${price}</strong></li>`;
}
