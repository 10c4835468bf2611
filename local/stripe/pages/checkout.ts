import express, { type Response, type Router } from "express";
import * as z from "zod/mini";
import type { StripeActions } from "../actions/index.ts";
import { type SessionRecord, sessionRecord } from "../actions/sessions/sessions.ts";
import { TEST_CARDS } from "../actions/test-cards.ts";
import { formatAmount } from "../currencies.ts";
import { StripeError } from "../requests/stripe-error.ts";
import type { World } from "../world.ts";
import { authenticationPage } from "./authentication.ts";
import { deliveryFields, readDeliveryForm } from "./delivery-form.ts";
import { actionButton, cardPage, html, htmlPage, type Markup } from "./html.ts";
import { optionTotals, orderSummary } from "./summary.ts";

const CONFLICT = 409;

const button = z.enum([
  "card",
  "bank-debit",
  "declined",
  "authenticate",
  "fail-authentication",
  "cancel",
]);

/** What is shown on the page instead of leaving it. */
interface Answer {
  readonly status?: number;
  readonly text: string;
}

/**
 * The hosted payment page of each session, by session id. It works without scripts, so its total
 * follows the chosen shipping option, but not a tax that follows from the address.
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
    if (pressed.data === "cancel") {
      response.redirect(303, session.cancel_url ?? session.url ?? "/");
      return;
    }
    send(response, record, answerTo({ world, actions, record, way: pressed.data, body }));
  });

  return router;
}

function send(response: Response, record: SessionRecord, answer: Answer | undefined): void {
  if (answer) response.status(answer.status ?? 200).send(answer.text);
  else response.redirect(303, successUrl(record));
}

/** Does what was pressed. Gives the page to show, or undefined when the session is paid. */
function answerTo({
  world,
  actions,
  record,
  way,
  body,
}: {
  readonly world: World;
  readonly actions: StripeActions;
  readonly record: SessionRecord;
  readonly way: Exclude<z.infer<typeof button>, "cancel">;
  readonly body: Readonly<Record<string, unknown>>;
}): Answer | undefined {
  const { id } = record.session;
  const entry = readDeliveryForm(body);
  const isAuthenticated = way === "authenticate";
  try {
    if (way === "bank-debit") {
      actions.pay(id, way, entry);
      return undefined;
    }
    if (way === "fail-authentication") {
      actions.failAuthentication(id);
      return {
        text: render(world, record, "We could not authenticate your card. Try another one."),
      };
    }
    const chosen = typeof body["card"] === "string" ? body["card"] : TEST_CARDS[0].number;
    const number = way === "declined" ? "4000000000000002" : chosen;
    const outcome = actions.payByCard(id, number, { entry, isAuthenticated });
    if (outcome.kind === "paid") return undefined;
    if (outcome.kind === "authenticating") return { text: authenticationPage(record, body) };
    return { text: render(world, record, `${outcome.message} Try another one.`) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { status: CONFLICT, text: render(world, record, reason) };
  }
}

function successUrl({ session }: SessionRecord): string {
  return session.success_url.replaceAll("{CHECKOUT_SESSION_ID}", session.id);
}

function render(world: World, record: SessionRecord, notice?: string): string {
  const { session } = record;
  if (session.status === "expired") {
    return cardPage("This payment page has expired", html`<p>Nothing was charged.</p>`);
  }
  if (session.status === "complete") {
    return cardPage("This has already been paid", html`<p>You can close this page.</p>`);
  }
  const totals = optionTotals(session);
  const alert = notice === undefined ? undefined : html`<p role="alert">${notice}</p>`;
  const back = html`<form method="post">${actionButton("cancel", "Cancel", "plain")}</form>`;
  return htmlPage(
    `Pay ${formatAmount(session.amount_total, session.currency)}`,
    html`<div class="checkout">
<section class="summary" aria-label="Order summary">${orderSummary(record, totals)}</section>
<main class="pay">${alert}
<form method="post">${deliveryFields(world, session)}${payment(session, totals)}</form>
${session.cancel_url === null ? undefined : back}
</main></div>`,
    totals.styles,
  );
}

/** The ways to pay that the session takes. */
function payment(
  session: SessionRecord["session"],
  totals: ReturnType<typeof optionTotals>,
): Markup {
  const takes = (method: string) => session.payment_method_types.includes(method);
  const byCard = html`<fieldset><legend>Pay by card</legend>
<p class="quiet">Choose one of Stripe's test cards.</p>
<div class="choices">${TEST_CARDS.map(cardChoice)}</div></fieldset>
${totals.each(({ amount, kind }) => actionButton("card", `Pay ${amount}`, `main ${kind}`))}
${actionButton("declined", "Decline the card")}`;
  const byBank = html`<fieldset class="bank"><legend>US bank account</legend>
<p class="quiet">The bank answers in days: until then the payment is pending. Somebody has it succeed or fail in the
studio or by a control route.</p>${actionButton("bank-debit", "Pay by bank debit")}</fieldset>`;
  return html`${takes("card") ? byCard : undefined}${takes("us_bank_account") ? byBank : undefined}`;
}

function cardChoice({ number, does }: (typeof TEST_CARDS)[number], index: number): Markup {
  const spaced = number.replaceAll(/(\d{4})(?=\d)/g, "$1 ");
  const label = html`<span><code>${spaced}</code><small>${does}</small></span>`;
  return index === 0
    ? html`<label><input type="radio" name="card" value="${number}" checked> ${label}</label>`
    : html`<label><input type="radio" name="card" value="${number}"> ${label}</label>`;
}
