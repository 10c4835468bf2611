import { html, type SafeHtml } from "@remix-run/html-template";
import {
  type NoticeCard,
  noticeCard,
  SITE_NAME,
  siteDocument,
} from "../../../shared/web/site-document.ts";
import { SIGN_IN_MINUTES } from "../domain/sign-in.ts";

/** A page for someone who returns from Twitch. */
export interface SignInPage extends NoticeCard {
  readonly status: number;
  /** The button, unless it leads to the landing page. */
  readonly button?: { readonly label: string; readonly url: string };
}

const runAgain = html`<p>Go back to Discord and run <code>/c500 register</code> for a new link.</p>`;

/** One page for each outcome of a sign-in. */
export const signInPages = {
  /** The only page with a code. It names the account that the code is for. */
  signedIn: ({
    login,
    code,
    accountName,
  }: {
    readonly login: string;
    readonly code: string;
    readonly accountName: string | undefined;
  }): SignInPage => ({
    status: 200,
    heading: "One step left, in Discord",
    tone: "good",
    body: html`<p>You are signed in at Twitch as <strong><bdi>${login}</bdi></strong>. To become the
builder of that channel, type this in Discord within ${SIGN_IN_MINUTES} minutes:</p>
<p class="price big"><code>/c500 register code:${code}</code></p>
<p>It works only for the Discord account that asked for this link${named(accountName)}.</p>
<p><strong>Did someone send you this link?</strong> Then it is their account, not yours: do not give
them the code, and close this page. Nothing has happened. With the code they would sell in your
channel's name.</p>`,
  }),

  again: (url: string): SignInPage => ({
    status: 400,
    heading: "That sign-in did not arrive",
    tone: "waiting",
    body: html`<p>Twitch accepts each sign-in once and only for a few minutes. Please sign in once more.</p>`,
    button: { label: "Sign in at Twitch", url },
  }),

  denied: {
    status: 200,
    heading: "You cancelled, and nothing has happened",
    tone: "waiting",
    body: html`<p>We have received nothing about you. If you change your mind, use the same link in
Discord again, or run <code>/c500 register</code> for a new one.</p>`,
  },

  used: {
    status: 409,
    heading: "That link was already used",
    tone: "over",
    body: html`<p>Someone has already signed in with it, and the code was shown then. If you no longer have
the code, go back to Discord and run <code>/c500 register</code> for a new link.</p>`,
  },

  over: {
    status: 410,
    heading: "That link has expired",
    tone: "over",
    body: html`<p>Sign-in links last ${SIGN_IN_MINUTES} minutes, and only your newest one works.</p>${runAgain}`,
  },

  noState: {
    status: 400,
    heading: "That link is incomplete",
    tone: "over",
    body: html`<p>Part of the address is missing.</p>${runAgain}`,
  },

  twitchUnavailable: {
    status: 503,
    heading: "Twitch is not answering",
    tone: "waiting",
    body: html`<p>We could not check whose channel it is, and nothing has happened. Wait a minute,
then use the link in Discord again; after ${SIGN_IN_MINUTES} minutes run <code>/c500 register</code> for a new one.</p>`,
  },

  unavailable: {
    status: 503,
    heading: "Back in a moment",
    tone: "waiting",
    body: html`<p>Something went wrong on our side, and nothing has happened. Wait a minute, then use
the link in Discord again.</p>`,
  },

  nothingHere: {
    status: 404,
    heading: "We looked under every keycap",
    tone: "over",
    body: html`<p>There is nothing at this address.</p>`,
  },

  wrongMethod: {
    status: 405,
    heading: "That is not how this page works",
    tone: "over",
    body: html`<p>You can only read pages here. Go back and follow the link again.</p>`,
  },
} as const satisfies Record<string, SignInPage | ((...args: never[]) => SignInPage)>;

/** The HTML document of a page. */
export function signInDocument(
  { heading, tone, body, button }: SignInPage,
  inviteUrl: string | undefined,
): string {
  const { label, url } = button ?? { label: "Back to the front door", url: "/" };
  const next = html`<p><a class="button" href="${url}">${label}</a></p>`;
  return siteDocument({
    title: `${heading} · ${SITE_NAME}`,
    head: html`<meta name="robots" content="noindex">`,
    body: noticeCard({ heading, tone, body }, next),
    inviteUrl,
  });
}

function named(accountName: string | undefined): SafeHtml {
  return accountName === undefined ? html`` : html`, <strong><bdi>@${accountName}</bdi></strong>`;
}
