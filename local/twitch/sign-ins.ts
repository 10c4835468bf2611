import { randomBytes } from "node:crypto";
import type { LocalClock } from "../kit/clock.ts";
import { TwitchError } from "./twitch-error.ts";

/** Twitch names no time; the standard allows ten minutes at the most: RFC 6749, section 4.1.2. */
const LIFETIME_MS = 10 * 60_000;

/** What an application asks a browser for, checked. */
export interface SignInRequest {
  readonly redirectUri: string;
  readonly scope: string;
  readonly state: string | undefined;
}

interface Grant {
  readonly userId: string;
  readonly redirectUri: string;
  readonly endsAtMs: number;
}

/**
 * Sign-ins by the authorization code grant: what the page is asked for, and the codes it gives out.
 * https://dev.twitch.tv/docs/authentication/getting-tokens-oauth/#authorization-code-grant-flow
 */
export class SignIns {
  #clock: LocalClock;
  #clientId: string;
  #redirectUris: readonly string[];
  #codes = new Map<string, Grant>();

  constructor(clock: LocalClock, clientId: string, redirectUris: readonly string[]) {
    this.#clock = clock;
    this.#clientId = clientId;
    this.#redirectUris = redirectUris;
  }

  /** Reads what the page was opened with. Throws what Twitch shows instead of the page. */
  read(query: URLSearchParams): SignInRequest {
    if (query.get("client_id") !== this.#clientId) throw new TwitchError(400, "invalid client");
    const redirectUri = query.get("redirect_uri");
    if (!redirectUri) throw new TwitchError(400, "missing redirect URI");
    this.#checkRedirect(redirectUri);
    if (query.get("response_type") !== "code") throw new TwitchError(400, "invalid response type");
    const scope = query.get("scope");
    if (scope === null) throw new TwitchError(400, "missing scope");
    return { redirectUri, scope, state: query.get("state") ?? undefined };
  }

  /** Someone allows it: where their browser is sent, with a code. */
  allow({ redirectUri, scope, state }: SignInRequest, userId: string): string {
    const code = randomBytes(15).toString("hex");
    this.#codes.set(code, { userId, redirectUri, endsAtMs: this.#clock.nowMs() + LIFETIME_MS });
    return addressWith(redirectUri, { code, scope, ...(state !== undefined && { state }) });
  }

  /** Someone cancels: where their browser is sent. */
  deny({ redirectUri, state }: SignInRequest): string {
    return addressWith(redirectUri, {
      error: "access_denied",
      error_description: "The user denied you access",
      ...(state !== undefined && { state }),
    });
  }

  /** Whose a code is, once. Throws what the application is answered otherwise. */
  redeem(code: string, redirectUri: string): string {
    this.#checkRedirect(redirectUri);
    const grant = this.#codes.get(code);
    if (!grant || grant.endsAtMs <= this.#clock.nowMs() || grant.redirectUri !== redirectUri) {
      throw new TwitchError(400, "Invalid authorization code");
    }
    this.#codes.delete(code);
    return grant.userId;
  }

  #checkRedirect(redirectUri: string): void {
    if (this.#redirectUris.includes(redirectUri)) return;
    throw new TwitchError(400, "Parameter redirect_uri does not match registered URI");
  }
}

function addressWith(address: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}
