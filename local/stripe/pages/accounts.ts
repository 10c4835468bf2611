import express, { type Router } from "express";
import type { StripeActions } from "../actions/index.ts";
import { formatAmount } from "../currencies.ts";
import type { OnboardingLink, OnboardingLinks } from "../objects/onboarding-links.ts";
import { StripeError } from "../requests/stripe-error.ts";
import type { World } from "../world.ts";
import { actionButton, cardPage, html } from "./html.ts";

const NOT_FOUND = 404;

/** The onboarding pages. A used or expired link redirects to its refresh URL. */
export function onboardingPages(
  world: World,
  links: OnboardingLinks,
  actions: StripeActions,
): Router {
  const router = express.Router();
  router.use(express.urlencoded({ extended: false }));

  router.get("/:token", ({ params }, response) => {
    const link = linkOf(links, params.token);
    if (!links.visit(link)) {
      response.redirect(303, link.refreshUrl);
      return;
    }
    response.send(onboardingPage(world, link.accountId));
  });

  router.post("/:token", ({ params, body }, response) => {
    const link = linkOf(links, params.token);
    if (body?.action === "finish") actions.completeOnboarding(link.accountId);
    response.redirect(303, link.returnUrl);
  });

  return router;
}

/** What Express asks for; the visitor types nothing, because all of it is personal. */
function onboardingPage(world: World, id: string): string {
  const { email, country, business_type: kind, requirements } = world.account(id);
  const due = requirements.currently_due.map((name) => html`<li><code>${name}</code></li>`);
  const asks =
    due.length === 0
      ? html`<p>Nothing is missing.</p>`
      : html`<p>Stripe would now ask for:</p><ul>${due}</ul>`;
  return cardPage(
    "Get paid by Stripe",
    html`<ul class="lines">
<li><span>Account</span><code>${id}</code></li>
<li><span>Country</span><span>${country}</span></li>
<li><span>Business</span><span>${kind ?? "not said yet"}</span></li>
<li><span>Email</span><span>${email ?? "not said yet"}</span></li></ul>
${asks}
<form method="post">${actionButton("finish", "Finish", "main")}${actionButton("leave", "Leave")}</form>`,
  );
}

/** The account's own dashboard, opened by a login link. */
export function dashboardPages(world: World): Router {
  const router = express.Router();
  router.get("/:id", ({ params }, response) => {
    const { id } = world.account(params.id);
    const amounts = Object.entries(world.balances.all(id));
    const items = amounts.map(
      ([currency, amount]) => html`<li>${formatAmount(amount, currency)}</li>`,
    );
    response.send(cardPage("Your balance", html`<p>${id}</p><ul>${items}</ul>`));
  });
  return router;
}

function linkOf(links: OnboardingLinks, token: string): OnboardingLink {
  const link = links.get(token);
  if (!link) throw new StripeError("There is no such link.", { status: NOT_FOUND });
  return link;
}
