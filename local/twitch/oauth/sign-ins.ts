import { randomBytes } from "node:crypto";
import type { LocalClock } from "../../kit/clock.ts";
import { TwitchError } from "../twitch-error.ts";

/** Twitch documents no time; RFC 6749, section 4.1.2, recommends at most ten minutes. */
const LIFETIME_MS = 10 * 60_000;

/** A validated request for the sign-in page. */
export interface SignInRequest {
  readonly redirectUri: string;
  readonly scope: string;
  readonly state: string | undefined;
}

/** A sign-in page that was opened and not answered yet. */
export interface WaitingSignIn {
  readonly openedAtMs: number;
  /** The page's query. */
  readonly query: string;
}

/** How many unanswered pages are remembered; people close pages without a word. */
const MAX_WAITING = 20;

interface Grant {
  readonly userId: string;
  readonly redirectUri: string;
  readonly endsAtMs: number;
}

/**
 * Sign-ins by the authorization code grant: requests for the page, and the codes it issues.
 * https://dev.twitch.tv/docs/authentication/getting-tokens-oauth/#authorization-code-grant-flow
 */
export class SignIns {
  #clock: LocalClock;
  #clientId: string;
  #redirectUris: readonly string[];
  #codes = new Map<string, Grant>();
  #waiting = new Map<string, WaitingSignIn>();

  constructor(clock: LocalClock, clientId: string, redirectUris: readonly string[]) {
    this.#clock = clock;
    this.#clientId = clientId;
    this.#redirectUris = redirectUris;
  }

  /** Parses the sign-in page's query. Throws the error that Twitch shows instead of the page. */
  read(query: URLSearchParams): SignInRequest {
    if (query.get("client_id") !== this.#clientId) throw new TwitchError(400, "invalid client");
    const redirectUri = query.get("redirect_uri");
    if (!redirectUri) throw new TwitchError(400, "missing redirect URI");
    this.#checkRedirect(redirectUri);
    if (query.get("response_type") !== "code") throw new TwitchError(400, "invalid response type");
    const scope = query.get("scope");
    if (scope === null) throw new TwitchError(400, "missing scope");
    const asked = { redirectUri, scope, state: query.get("state") ?? undefined };
    this.#waiting.delete(keyOf(asked));
    this.#waiting.set(keyOf(asked), {
      openedAtMs: this.#clock.nowMs(),
      query: query.toString(),
    });
    const oldest = this.#waiting.keys().next();
    if (this.#waiting.size > MAX_WAITING && !oldest.done) this.#waiting.delete(oldest.value);
    return asked;
  }

  /** The pages that were opened and not answered yet, oldest first. */
  waiting(): WaitingSignIn[] {
    return [...this.#waiting.values()];
  }

  /** The user approves. Returns the redirect URL with a code. */
  allow(asked: SignInRequest, userId: string): string {
    const { redirectUri, scope, state } = asked;
    this.#waiting.delete(keyOf(asked));
    const code = randomBytes(15).toString("hex");
    this.#codes.set(code, { userId, redirectUri, endsAtMs: this.#clock.nowMs() + LIFETIME_MS });
    return addressWith(redirectUri, { code, scope, ...(state !== undefined && { state }) });
  }

  /** The user cancels. Returns the redirect URL. */
  deny(asked: SignInRequest): string {
    const { redirectUri, state } = asked;
    this.#waiting.delete(keyOf(asked));
    return addressWith(redirectUri, {
      error: "access_denied",
      error_description: "The user denied you access",
      ...(state !== undefined && { state }),
    });
  }

  /** Returns a code's user, once. Otherwise throws the error for the application. */
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

function keyOf({ redirectUri, state }: SignInRequest): string {
  return `${state ?? ""} ${redirectUri}`;
}

function addressWith(address: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}
