import { html, type SafeHtml } from "@remix-run/html-template";
import { isApproved } from "../../members/domain/standing.ts";
import type { Builder } from "../../members/store/builders.ts";
import type { Drop, StockLevel } from "../domain/drop.ts";

/** A drop with its stock and its seller. */
export interface Offer {
  readonly drop: Drop;
  readonly stock: StockLevel;
  readonly builder: Builder | undefined;
}

/** Whether the builder may not sell: the team has not approved them, or has suspended them. */
export function isPaused({ builder }: Pick<Offer, "builder">): boolean {
  return !isApproved(builder?.standing);
}

/** How many units are left, as a badge. */
export function stockBadge(offer: Offer): SafeHtml {
  const { drop } = offer;
  const { free, reserved } = offer.stock;
  if (drop.isClosed) return html`<span class="badge gone">Closed</span>`;
  if (isPaused(offer)) return html`<span class="badge gone">Paused</span>`;
  if (free === 0 && reserved > 0) return html`<span class="badge gone">Sold out for now</span>`;
  if (free === 0) return html`<span class="badge gone">Sold out</span>`;
  if (free === 1) return html`<span class="badge few">Last one</span>`;
  return html`<span class="badge left">${free} of ${drop.stock} left</span>`;
}

/** Whether someone could buy a unit now. */
export function isForSale(offer: Offer): boolean {
  return !offer.drop.isClosed && !isPaused(offer) && offer.stock.free > 0;
}
