import express, { type Router } from "express";
import type { StripeActions } from "../actions/index.ts";
import { formatAmount } from "../currencies.ts";
import type { OnboardingLink, OnboardingLinks } from "../objects/onboarding-links.ts";
import { StripeError } from "../requests/stripe-error.ts";
import type { World } from "../world.ts";
import { buttons, html, htmlPage } from "./html.ts";

const NOT_FOUND = 404;

/** The onboarding pages. A used or expired link redirects to its refresh URL. */
export function onboardingPages(links: OnboardingLinks, actions: StripeActions): Router {
  const router = express.Router();
  router.use(express.urlencoded({ extended: false }));

  router.get("/:token", ({ params }, response) => {
    const link = linkOf(links, params.token);
    if (!links.visit(link)) {
      response.redirect(303, link.refreshUrl);
      return;
    }
    const choices = buttons([
      ["finish", "Finish"],
      ["leave", "Leave"],
    ]);
    const about = html`<p>Stripe would now ask for the details of ${link.accountId}.</p>`;
    response.send(htmlPage("Get paid by Stripe", html`${about}${choices}`));
  });

  router.post("/:token", ({ params, body }, response) => {
    const link = linkOf(links, params.token);
    if (body?.action === "finish") actions.completeOnboarding(link.accountId);
    response.redirect(303, link.returnUrl);
  });

  return router;
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
    response.send(htmlPage("Your balance", html`<p>${id}</p><ul>${items}</ul>`));
  });
  return router;
}

function linkOf(links: OnboardingLinks, token: string): OnboardingLink {
  const link = links.get(token);
  if (!link) throw new StripeError("There is no such link.", { status: NOT_FOUND });
  return link;
}
