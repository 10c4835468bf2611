import { html, type SafeHtml } from "@remix-run/html-template";
import type { ShippingTerms } from "../../shipping/domain/terms.ts";
import { describeTerms } from "../../shipping/messages/terms.ts";

/** Where something ships to and for how much. */
export function howItShips({
  shipping,
}: {
  readonly shipping: ShippingTerms | undefined;
}): SafeHtml | undefined {
  if (!shipping) return undefined;
  const lines = describeTerms(shipping).map((line) => html`<li>${line}</li>`);
  return html`<section class="card"><h2>Shipping</h2><ul>${lines}</ul></section>`;
}
