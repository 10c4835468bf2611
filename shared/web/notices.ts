import { html } from "@remix-run/html-template";
import type { Caching, Page } from "./page.ts";
import { type NoticeCard, noticeCard } from "./site-document.ts";

/** The content of a page with a single notice. */
export interface Notice extends NoticeCard {
  readonly status: number;
  readonly caching: Caching;
  readonly refreshSeconds?: number;
}

/** A page with a single notice and a link to the landing page. */
export function noticePage({ heading, tone, body, ...page }: Notice): Page {
  return {
    ...page,
    title: heading,
    body: noticeCard(
      { heading, tone, body },
      html`<p><a class="button" href="/">Back to the front door</a></p>`,
    ),
  };
}

/** Nothing is at this address. The answer is cached briefly, because something may be there soon. */
export function notFoundPage(text = "There is nothing at this address. Check the link."): Page {
  return noticePage({
    status: 404,
    heading: "We looked under every keycap",
    caching: "stock",
    tone: "over",
    body: html`<p>${text}</p>`,
  });
}

/** The answer to a method that an address does not have. */
export function wrongMethodPage(): Page {
  return noticePage({
    status: 405,
    heading: "That is not how this page works",
    caching: "personal",
    tone: "over",
    body: html`<p>Nothing has happened. Go back and follow the link again.</p>`,
  });
}

/** A form that did not come from our own page, or from one that is out of date. */
export function refusedFormPage(status: 400 | 403 | 415): Page {
  return noticePage({
    status,
    heading: "That form is out of date",
    caching: "personal",
    tone: "over",
    body: html`<p>Nothing has happened. Go back, reload the page, and try again. If that does not help, your
browser may be too old.</p>`,
  });
}

/** An action failed, or it is unknown whether it succeeded. */
export function unfinishedPage(): Page {
  return noticePage({
    status: 503,
    heading: "Back in a moment",
    caching: "personal",
    tone: "waiting",
    body: html`<p>We can't reach our own shelves right now. Wait a minute, go back, reload the page, and see
whether it is done.</p>`,
  });
}

/** The stored data is broken: reloading does not help. */
export function brokenPage(): Page {
  return noticePage({
    status: 500,
    heading: "Something here is bent",
    caching: "personal",
    tone: "over",
    body: html`<p>We can't show this page, and that isn't your doing. The team can see it in the logs. If
it stays like this, ask in our Discord.</p>`,
  });
}

/** The database does not answer. */
export function unavailablePage(): Page {
  return noticePage({
    status: 503,
    heading: "Back in a moment",
    caching: "personal",
    tone: "waiting",
    refreshSeconds: 10,
    body: html`<p>We can't reach our own shelves right now. Your orders and your money are safe. This
page tries again by itself.</p>`,
  });
}

/** The page to which Stripe sends a builder after onboarding, whatever the outcome. */
export function payoutsReturnPage(): Page {
  return noticePage({
    status: 200,
    heading: "Thanks! Stripe has your answers",
    caching: "steady",
    tone: "good",
    body: html`<p>Go back to Discord and run <code>/c500 payouts</code>: it shows whether your account
is ready or what is still missing.</p>`,
  });
}

/** The page to which Stripe sends a builder whose link was already used or has expired. */
export function payoutsRefreshPage(): Page {
  return noticePage({
    status: 200,
    heading: "That link was already used",
    caching: "steady",
    tone: "waiting",
    body: html`<p>Links to Stripe work once and only for a few minutes. Go back to Discord and run
<code>/c500 payouts</code> for a new one.</p>`,
  });
}
