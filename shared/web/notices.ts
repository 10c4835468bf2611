import { html } from "@remix-run/html-template";
import type { Caching, Page } from "./page.ts";
import { type NoticeCard, noticeCard } from "./site-document.ts";

/** What a page that says one thing says. */
export interface Notice extends NoticeCard {
  readonly status: number;
  readonly caching: Caching;
  readonly refreshSeconds?: number;
}

/** A page that says one thing in a card, and shows the way home. */
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

/** Nothing is at an address. Kept as briefly as what may soon be there. */
export function notFoundPage(text = "There is nothing at this address."): Page {
  return noticePage({
    status: 404,
    heading: "We looked under every keycap",
    caching: "stock",
    tone: "over",
    body: html`<p>${text}</p>`,
  });
}

/** The site takes GET and HEAD. */
export function wrongMethodPage(): Page {
  return noticePage({
    status: 405,
    heading: "That is not how this page works",
    caching: "personal",
    tone: "over",
    body: html`<p>Pages here can only be read.</p>`,
  });
}

/** What is stored cannot be read: looking again does not help. */
export function brokenPage(): Page {
  return noticePage({
    status: 500,
    heading: "Something here is bent",
    caching: "personal",
    tone: "over",
    body: html`<p>This page can't be shown, and it isn't your doing. The team can see it in the
logs.</p>`,
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
page looks again by itself.</p>`,
  });
}

/** Where Stripe sends a builder after its onboarding, whatever came of it. */
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

/** Where Stripe sends a builder whose link was used or is too old. */
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
