import express, { type Router } from "express";
import * as z from "zod/mini";
import type { StripeActions } from "../actions/index.ts";
import { type SessionRecord, sessionRecord } from "../actions/sessions.ts";
import { formatAmount } from "../currencies.ts";
import { StripeError } from "../requests/stripe-error.ts";
import type { World } from "../world.ts";
import { deliveryFields, readDeliveryForm } from "./delivery-form.ts";
import { buttons, html, htmlPage, type Markup } from "./html.ts";

const CONFLICT = 409;
const DECLINED = "Your card was declined. Try another one.";

const button = z.enum(["card", "bank-debit", "declined", "cancel"]);

/**
 * The hosted payment page of each session, by session id. It works without scripts, so the total on
 * it is that of the preselected shipping option, and without a tax that follows from the address.
 */
export function checkoutPages(world: World, actions: StripeActions): Router {
  const router = express.Router();
  router.use(express.urlencoded({ extended: false }));

  router.get("/:id", ({ params }, response) => {
    response.send(render(world, sessionRecord(world, params.id)));
  });

  router.post("/:id", ({ params, body }, response) => {
    const record = sessionRecord(world, params.id);
    const { session } = record;
    if (session.status !== "open") {
      response.status(CONFLICT).send(render(world, record));
      return;
    }
    const pressed = button.safeParse(body?.action);
    if (!pressed.success) throw new StripeError("There is no such button.");
    const way = pressed.data;
    if (way === "cancel") {
      response.redirect(303, session.cancel_url ?? session.url ?? "/");
      return;
    }
    const problem = problemOf(() => actions.pay(session.id, way, readDeliveryForm(body)));
    if (problem !== undefined) response.status(CONFLICT).send(render(world, record, problem));
    else if (session.status === "open") response.send(render(world, record, DECLINED));
    else response.redirect(303, successUrl(record));
  });

  return router;
}

/** Runs an action. Returns the reason when it is not possible, otherwise undefined. */
function problemOf(act: () => void): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function successUrl({ session }: SessionRecord): string {
  return session.success_url.replaceAll("{CHECKOUT_SESSION_ID}", session.id);
}

function render(world: World, { session, lineItems }: SessionRecord, notice?: string): string {
  const { currency, status } = session;
  if (status === "expired") {
    return htmlPage("This payment page has expired", html`<p>Nothing was charged.</p>`);
  }
  if (status === "complete") {
    return htmlPage("This has already been paid", html`<p>You can close this page.</p>`);
  }
  const items = lineItems.map(
    ({ description, quantity, amount_total: amount }) =>
      html`<li>${description} × ${String(quantity)}: ${formatAmount(amount, currency)}</li>`,
  );
  const total = formatAmount(session.amount_total, currency);
  return htmlPage(
    `Pay ${total}`,
    html`${notice === undefined ? undefined : html`<p role="alert">${notice}</p>`}
<ul>${items}</ul>
<p>No money moves: this page belongs to a local simulator.</p>
${choices(world, { session, total })}`,
  );
}

function choices(
  world: World,
  { session, total }: { session: SessionRecord["session"]; total: string },
): Markup {
  const takes = (method: string) => session.payment_method_types.includes(method);
  const ways = [
    ...(takes("card") ? ([["card", `Pay ${total}`]] as const) : []),
    ...(takes("us_bank_account") ? ([["bank-debit", "Pay by bank debit"]] as const) : []),
    ...(takes("card") ? ([["declined", "Decline the card"]] as const) : []),
    ...(session.cancel_url === null ? [] : ([["cancel", "Cancel"]] as const)),
  ];
  return buttons(ways, deliveryFields(world, session));
}
