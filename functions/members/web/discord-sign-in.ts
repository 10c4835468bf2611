import { html, type SafeHtml } from "@remix-run/html-template";
import {
  type DiscordAccount,
  DiscordUnavailableError,
} from "../../../shared/clients/discord-sign-in.ts";
import type { HttpRequest } from "../../../shared/runtime/http.ts";
import { readForm, tokenField } from "../../../shared/web/form.ts";
import { refusedFormPage } from "../../../shared/web/notices.ts";
import { isOwnPath } from "../../../shared/web/own-path.ts";
import type { Answer, Page } from "../../../shared/web/page.ts";
import { isSameText } from "../../../shared/web/sealed.ts";
import {
  ENDED_COOKIE,
  readSession,
  readStartedSignIn,
  type Session,
  sessionCookie,
  startSignIn,
} from "../../../shared/web/session.ts";
import { type NoticeCard, noticeCard } from "../../../shared/web/site-document.ts";
import type { Deps } from "../deps.ts";

type SignInDeps = Pick<Deps, "discordSignIn" | "config" | "clock" | "log">;

/** Where the forms below are sent. */
export const SIGN_IN_PATH = "/sign-in";
export const SIGN_OUT_PATH = "/sign-out";
/** The page after a sign-in, unless the person came from another. */
const HOME = "/desk";

/** The targets of forms on a page with a sign-in form. Discord's origin is one, because the form redirects there. */
export function signInTargets({ discordSignIn }: Pick<Deps, "discordSignIn">): string[] {
  return ["'self'", discordSignIn.pageOrigin];
}

/** The button that leads to Discord, and back to `next`. */
export function signInForm(next: string): SafeHtml {
  return html`<form method="post" action="${SIGN_IN_PATH}">
<input type="hidden" name="next" value="${next}">
<p><button class="button">Sign in with Discord</button></p>
</form>`;
}

/** Who is signed in, and the button that ends it. */
export function signOutForm({ id, username }: Session, { config }: Pick<Deps, "config">): SafeHtml {
  const secret = { action: SIGN_OUT_PATH, tiedTo: id, keys: config.SESSION_KEY };
  return html`<form class="signed-in screen" method="post" action="${SIGN_OUT_PATH}">${tokenField(secret)}
<p>You are signed in at Discord as <strong><bdi>@${username}</bdi></strong>.
<button class="button">Sign out</button></p>
</form>`;
}

/**
 * Redirects a browser to Discord. A cookie ties Discord's answer to this browser, so that nobody can be signed in by a
 * link that someone else made.
 *
 * Idempotency: each press starts another sign-in, and only the last one can be finished.
 */
export async function beginSignIn(request: HttpRequest, deps: SignInDeps): Promise<Answer> {
  const { config, clock, discordSignIn } = deps;
  const form = readForm(request, { siteUrl: config.PUBLIC_SITE_URL, secret: undefined });
  if (!form.ok) return refusedFormPage(form.status);
  const asked = form.fields.get("next") ?? HOME;
  const next = isOwnPath(asked) ? asked : HOME;
  const { started, cookie } = startSignIn(next, config.SESSION_KEY, clock.now());
  return { to: discordSignIn.pageUrl(started), cookie };
}

/**
 * Signs in someone whom Discord redirects back, if this browser began the sign-in. No token is stored.
 *
 * Idempotency: Discord accepts a code once. A repeat finds no pending sign-in in the browser and changes nothing,
 * neither for someone who is signed in nor for a later sign-in.
 */
export async function finishSignIn(request: HttpRequest, deps: SignInDeps): Promise<Answer> {
  const { config, clock } = deps;
  const started = readStartedSignIn(request, config.SESSION_KEY, clock.now());
  if (!started || !isSameText(parameter(request, "state") ?? "", started.state)) {
    return retryPage(pages.notBegun, HOME, deps);
  }
  const { next, verifier } = started;
  const ended = { cookie: ENDED_COOKIE };
  if (parameter(request, "error") !== undefined) {
    return { ...retryPage(pages.denied, next, deps), ...ended };
  }
  const account = await accountOf(parameter(request, "code"), verifier, deps);
  if (account === "unavailable") return { ...retryPage(pages.unavailable, next, deps), ...ended };
  if (!account) return { ...retryPage(pages.notAccepted, next, deps), ...ended };
  return { to: next, cookie: sessionCookie(account, config.SESSION_KEY, clock.now()) };
}

/** Ends all sessions of someone who is signed in. Idempotent. */
export async function signOut(
  request: HttpRequest,
  { builders, config, clock }: Pick<Deps, "builders" | "config" | "clock">,
): Promise<Answer> {
  const { SESSION_KEY: keys, PUBLIC_SITE_URL: siteUrl } = config;
  const session = readSession(request, keys, clock.now());
  if (!session) return { to: HOME };
  const secret = { action: SIGN_OUT_PATH, tiedTo: session.id, keys };
  const form = readForm(request, { siteUrl, secret });
  if (!form.ok) return refusedFormPage(form.status);
  await builders.endSessions(session.userId, clock.now());
  return { to: HOME, cookie: ENDED_COOKIE };
}

async function accountOf(
  code: string | undefined,
  verifier: string,
  { discordSignIn, log }: SignInDeps,
): Promise<DiscordAccount | "unavailable" | undefined> {
  if (code === undefined) return undefined;
  try {
    return await discordSignIn.whoSignedIn(code, verifier);
  } catch (error) {
    if (!(error instanceof DiscordUnavailableError)) throw error;
    log.error("A sign-in at Discord could not be finished", error);
    return "unavailable";
  }
}

const pages = {
  notBegun: {
    status: 400,
    heading: "That sign-in was not begun here",
    tone: "waiting",
    body: html`<p>You are still who you were. Sign-ins last ten minutes and work only in the browser that began
them, and only the newest one does.</p>`,
  },
  notAccepted: {
    status: 400,
    heading: "That sign-in did not arrive",
    tone: "waiting",
    body: html`<p>Discord accepts each sign-in once and only for a few minutes. Please sign in once more.</p>`,
  },
  denied: {
    status: 200,
    heading: "You cancelled, and nothing has happened",
    tone: "waiting",
    body: html`<p>We have received nothing about you.</p>`,
  },
  unavailable: {
    status: 503,
    heading: "Discord is not answering",
    tone: "waiting",
    body: html`<p>We could not check who you are, and nothing has happened. Wait a minute, then try again.</p>`,
  },
} as const satisfies Record<string, NoticeCard & { readonly status: number }>;

/** A page that offers to sign in once more. */
function retryPage(
  { status, ...card }: NoticeCard & { readonly status: number },
  next: string,
  deps: SignInDeps,
): Page {
  return {
    status,
    title: card.heading,
    caching: "personal",
    formTargets: signInTargets(deps),
    hasSecretAddress: true,
    body: noticeCard(card, signInForm(next)),
  };
}

/** A query parameter; undefined if it is missing, empty or repeated. */
function parameter({ query }: HttpRequest, name: string): string | undefined {
  const value = query[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
