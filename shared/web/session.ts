import { randomBytes } from "node:crypto";
import * as z from "zod/mini";
import type { DiscordAccount, SignInProof } from "../clients/discord-sign-in.ts";
import { isSnowflake } from "../documents/outside-id.ts";
import { type HttpRequest, header } from "../runtime/http.ts";
import { isOwnPath } from "./own-path.ts";
import { seal, unseal } from "./sealed.ts";

/** How long someone stays signed in. */
export const SESSION_MS = 12 * 60 * 60_000;
/** How long someone has to sign in at Discord. */
export const SIGN_IN_MS = 10 * 60_000;

/**
 * Firebase Hosting passes no other cookie to functions, so this one holds a sign-in that is under way and then the
 * session, and it cannot have the prefix `__Host-`. It has no `Domain`, so it is not sent to other hosts; but a
 * server of a subdomain could set one here. If there are two, both are therefore ignored.
 * https://firebase.google.com/docs/hosting/manage-cache#using_cookies
 */
const NAME = "__session";
const ATTRIBUTES = "Path=/; HttpOnly; Secure; SameSite=Lax";

/** Someone who is signed in. */
export interface Session extends DiscordAccount {
  /** Random; forms of one session are not accepted in another. */
  readonly id: string;
  readonly startedAt: Date;
}

/** A sign-in that this browser has begun, and where it leads. */
export interface StartedSignIn extends SignInProof {
  readonly next: string;
}

const sessionValue = z.object({
  id: z.string(),
  userId: z.string().check(z.refine(isSnowflake)),
  username: z.string(),
  startedAtMs: z.number(),
});
const startedValue = z.object({
  state: z.string(),
  verifier: z.string(),
  next: z.string().check(z.refine(isOwnPath)),
  endsAtMs: z.number(),
});

/** Begins a sign-in: its values for Discord, and the `Set-Cookie` that stores them in the browser. */
export function startSignIn(
  next: string,
  keys: readonly string[],
  now: Date,
): { readonly started: StartedSignIn; readonly cookie: string } {
  const started = { state: random(), verifier: random(), next };
  const value = { ...started, endsAtMs: now.getTime() + SIGN_IN_MS };
  return { started, cookie: setCookie(seal("sign-in", value, keys), SIGN_IN_MS) };
}

/** The sign-in that this browser has begun; undefined if there is none, or it has expired. */
export function readStartedSignIn(
  request: HttpRequest,
  keys: readonly string[],
  now: Date,
): StartedSignIn | undefined {
  const { data } = startedValue.safeParse(unseal("sign-in", cookieOf(request), keys));
  return data && data.endsAtMs > now.getTime() ? data : undefined;
}

/** The `Set-Cookie` that signs someone in and replaces their pending sign-in. */
export function sessionCookie(account: DiscordAccount, keys: readonly string[], now: Date): string {
  const { userId, username } = account;
  const value = { id: random(), userId, username, startedAtMs: now.getTime() };
  return setCookie(seal("session", value, keys), SESSION_MS);
}

/** The person who is signed in in this browser; undefined if nobody is, or the session has expired. */
export function readSession(
  request: HttpRequest,
  keys: readonly string[],
  now: Date,
): Session | undefined {
  const { data } = sessionValue.safeParse(unseal("session", cookieOf(request), keys));
  if (!data || data.startedAtMs + SESSION_MS <= now.getTime()) return undefined;
  const { id, userId, username, startedAtMs } = data;
  return { id, userId, username, startedAt: new Date(startedAtMs) };
}

/** The `Set-Cookie` that ends a session or a pending sign-in. */
export const ENDED_COOKIE = setCookie("", 0);

function setCookie(value: string, maxAgeMs: number): string {
  return `${NAME}=${value}; Max-Age=${maxAgeMs / 1000}; ${ATTRIBUTES}`;
}

/** The value of our cookie; empty if there is none, or more than one. */
function cookieOf(request: HttpRequest): string {
  const ours = header(request, "cookie")
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${NAME}=`));
  const [only = ""] = ours.length === 1 ? ours : [];
  return only.slice(NAME.length + 1);
}

function random(): string {
  return randomBytes(32).toString("base64url");
}
