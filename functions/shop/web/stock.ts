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

/** What can be had of a drop now. */
export type Availability = "closed" | "paused" | "reserved" | "gone" | "last" | "left";

/** What can be had of a drop now; `reserved`: its last units are at the checkout and may come back. */
export function availabilityOf(offer: Offer): Availability {
  const { free, reserved } = offer.stock;
  if (offer.drop.isClosed) return "closed";
  if (isPaused(offer)) return "paused";
  if (free > 0) return free === 1 ? "last" : "left";
  return reserved > 0 ? "reserved" : "gone";
}

/** How many units are left, in a few words. */
export function stockText(offer: Offer): string {
  switch (availabilityOf(offer)) {
    case "closed":
      return "Closed";
    case "paused":
      return "Paused";
    case "reserved":
      return "Sold out for now";
    case "gone":
      return "Sold out";
    case "last":
      return "Last one";
    case "left":
      return `${offer.stock.free} of ${offer.drop.stock} left`;
  }
}

/** How many units are left, as a badge. */
export function stockBadge(offer: Offer): SafeHtml {
  const availability = availabilityOf(offer);
  const look = availability === "left" ? "left" : availability === "last" ? "few" : "gone";
  return html`<span class="badge ${look}">${stockText(offer)}</span>`;
}

/** Whether someone could buy a unit now. */
export function isForSale(offer: Offer): boolean {
  return ["last", "left"].includes(availabilityOf(offer));
}
