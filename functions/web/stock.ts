import { html, type SafeHtml } from "@remix-run/html-template";
import type { Drop, StockLevel } from "../../shared/domain/drop.ts";

/** How many units are left, as a badge. */
export function stockBadge(drop: Drop, { free, reserved }: StockLevel): SafeHtml {
  if (drop.isClosed) return html`<span class="badge gone">Closed</span>`;
  if (free === 0 && reserved > 0) return html`<span class="badge gone">Sold out for now</span>`;
  if (free === 0) return html`<span class="badge gone">Sold out</span>`;
  if (free === 1) return html`<span class="badge few">Last one</span>`;
  return html`<span class="badge left">${free} of ${drop.stock} left</span>`;
}

/** Whether someone could buy a unit now. */
export function isForSale(drop: Drop, stock: StockLevel): boolean {
  return !drop.isClosed && stock.free > 0;
}
