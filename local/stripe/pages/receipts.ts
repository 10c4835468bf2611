import express, { type Router } from "express";
import { formatAmount } from "../currencies.ts";
import { noSuch } from "../requests/stripe-error.ts";
import type { World } from "../world.ts";
import { cardPage, html } from "./html.ts";

/** The receipt of each charge, by charge id, with its refunds so far. */
export function receiptPages(world: World): Router {
  const router = express.Router();
  router.get("/:id", ({ params }, response) => {
    const charge = world.charges.get(params.id);
    if (!charge?.paid) throw noSuch("charge", params.id);
    const { amount, amount_refunded: refunded, currency } = charge;
    const paid = html`<p>You paid ${formatAmount(amount, currency)}.</p>`;
    const returned = html`<p>Refunded: ${formatAmount(refunded, currency)}.</p>`;
    response.send(cardPage("Receipt", html`${paid}${refunded > 0 ? returned : undefined}`));
  });
  return router;
}
