import { html, type SafeHtml } from "@remix-run/html-template";
import type { HttpRequest } from "../../../shared/runtime/http.ts";
import type { Page } from "../../../shared/web/page.ts";
import { readSession, type Session } from "../../../shared/web/session.ts";
import { type NoticeCard, noticeCard } from "../../../shared/web/site-document.ts";
import { mayFulfil } from "../../members/domain/standing.ts";
import type { Builder } from "../../members/store/builders.ts";
import { signInForm, signInTargets, signOutForm } from "../../members/web/discord-sign-in.ts";
import type { Deps } from "../deps.ts";
import { ORDERS_SHEET } from "./sheet.ts";
import { holderOf } from "./team-link.ts";

/** What finding out who visits the desk needs. */
export type VisitorDeps = Pick<Deps, "builders" | "clock" | "config" | "discordSignIn">;

/** A builder at their desk. */
export interface DeskVisitor {
  readonly session: Session;
  readonly builder: Builder;
}

/** The builder who asks for a page of the desk, suspended or not; otherwise the page that anyone else gets in its place. */
export async function deskVisitor(
  request: HttpRequest,
  deps: VisitorDeps,
): Promise<DeskVisitor | { readonly instead: Page }> {
  const session = readSession(request, deps.config.SESSION_KEY, deps.clock.now());
  const builder = session && (await deps.builders.get(session.userId));
  if (!session || isSignedOut(session, builder)) return { instead: signedOutPage(request, deps) };
  if (!builder || !mayFulfil(builder.standing)) {
    return { instead: cardPage(session, 403, strangerCard, deps) };
  }
  return { session, builder };
}

/**
 * The member of staff who opens the team's desk with the link that they got in Discord; otherwise the page that anyone
 * else gets in its place. The link works for them alone.
 */
export async function staffVisitor(
  pass: string,
  request: HttpRequest,
  deps: VisitorDeps,
): Promise<Pick<DeskVisitor, "session"> | { readonly instead: Page }> {
  const { SESSION_KEY: keys } = deps.config;
  const now = deps.clock.now();
  const session = readSession(request, keys, now);
  const builder = session && (await deps.builders.get(session.userId));
  if (!session || isSignedOut(session, builder)) return { instead: signedOutPage(request, deps) };
  if (holderOf(pass, keys, now) !== session.userId) {
    return { instead: cardPage(session, 403, notStaffCard, deps) };
  }
  return { session };
}

function isSignedOut({ startedAt }: Session, builder: Builder | undefined): boolean {
  return builder?.signedOutAt !== undefined && startedAt < builder.signedOutAt;
}

/** A page of the desk, with who is signed in below its content. */
export function deskPageOf(
  { session }: Pick<DeskVisitor, "session">,
  {
    title,
    status = 200,
    body,
  }: { readonly title: string; readonly status?: number; readonly body: SafeHtml },
  deps: Pick<Deps, "config">,
): Page {
  return {
    status,
    title,
    caching: "personal",
    sheets: [ORDERS_SHEET],
    formTargets: ["'self'"],
    body: html`${body}${signOutForm(session, deps)}`,
  };
}

function signedOutPage({ path }: Pick<HttpRequest, "path">, deps: VisitorDeps): Page {
  const next = path.replace(/(.)\/+$/, "$1");
  const card: NoticeCard = {
    heading: "The builders' desk",
    tone: "waiting",
    body: html`<p>Builders find their orders here. Discord tells us who you are, and nothing else.</p>`,
  };
  return {
    status: 200,
    title: card.heading,
    caching: "personal",
    formTargets: signInTargets(deps),
    body: noticeCard(card, signInForm(next)),
  };
}

const strangerCard: NoticeCard = {
  heading: "This desk is for builders",
  tone: "over",
  body: html`<p>Your Discord account does not sell here, or the team has not approved it. To become a builder,
run <code>/c500 register</code> in our Discord. If you are one, sign out, and sign in again with the account
that you registered with.</p>`,
};

const notStaffCard: NoticeCard = {
  heading: "This link is not yours, or no longer works",
  tone: "over",
  body: html`<p>The team's desk opens with the link under <code>/c500 orders</code> in our Discord. It works for an
hour, and for the person alone who ran the command. Builders find their own orders at <a href="/desk">their desk</a>.</p>`,
};

function cardPage(session: Session, status: number, card: NoticeCard, deps: VisitorDeps): Page {
  const body = noticeCard(card, html`<p><a class="button" href="/">Back to the front door</a></p>`);
  return deskPageOf({ session }, { title: card.heading, status, body }, deps);
}
