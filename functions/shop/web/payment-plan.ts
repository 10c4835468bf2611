import { html, type SafeHtml } from "@remix-run/html-template";
import { HELD_DAYS, type PaymentPlan } from "../domain/order.ts";

/** A section that explains when the builder is paid. */
export function howItIsPaid({ plan }: { readonly plan: PaymentPlan }): SafeHtml {
  const text =
    plan === "held"
      ? html`<strong>Made to order, held until proof of work.</strong> You pay now, and we hold the
money. It goes to the builder only once they build your order live on stream. If that doesn't happen
within ${HELD_DAYS} days, you get all of it back.`
      : html`<strong>Ready to ship.</strong> It is finished and waiting on a shelf, so the builder is
paid when you pay, and ships right away.`;
  return html`<section class="card pay"><h2>How you pay</h2><p>${text}</p></section>`;
}
