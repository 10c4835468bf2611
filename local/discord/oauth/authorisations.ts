import { createHash, randomBytes } from "node:crypto";
import type { LocalClock } from "../../kit/clock.ts";
import type { PersistentState } from "../../kit/persistent-state.ts";
import { oauthRefusals } from "./oauth-error.ts";

/** Discord documents no time; RFC 6749, section 4.1.2, recommends at most ten minutes. */
const CODE_LIFETIME_MS = 10 * 60_000;
/** https://discord.com/developers/docs/topics/oauth2#authorization-code-grant-access-token-response */
const TOKEN_LIFETIME_MS = 604_800_000;

/** The application as the developer portal has it. */
export interface Client {
  readonly id: string;
  /** Empty for an application that nobody has made a secret for: then every secret is refused. */
  readonly secret: string;
  readonly redirectUris: readonly string[];
}

/** A validated request for the sign-in page. */
export interface AuthorisationRequest {
  readonly redirectUri: string;
  readonly scope: string;
  readonly state: string | undefined;
  /** The SHA-256 of the PKCE verifier. */
  readonly challenge: string | undefined;
}

interface Code extends Pick<AuthorisationRequest, "redirectUri" | "scope" | "challenge"> {
  readonly userId: string;
  readonly endsAtMs: number;
}

interface Token {
  /** Undefined for a token that the application got for itself. */
  readonly userId: string | undefined;
  readonly scope: string;
  readonly endsAtMs: number;
}

/**
 * Who allowed the application to know them: codes, and the tokens that they were exchanged for.
 * https://discord.com/developers/docs/topics/oauth2
 */
export class Authorisations {
  client: Client;
  #clock: LocalClock;
  #codes = new Map<string, Code>();
  #tokens = new Map<string, Token>();

  constructor(clock: LocalClock, client: Client) {
    this.#clock = clock;
    this.client = client;
  }

  persistIn(state: PersistentState): void {
    state.maps("discord.authorisations", { codes: this.#codes, tokens: this.#tokens });
  }

  /** Parses the sign-in page's query. Throws the error that Discord shows instead of the page. */
  read(query: URLSearchParams): AuthorisationRequest {
    if (query.get("client_id") !== this.client.id) throw oauthRefusals.unknownClient();
    if (query.get("response_type") !== "code") throw oauthRefusals.unsupportedResponseType();
    const redirectUri = query.get("redirect_uri") ?? "";
    this.#checkRedirect(redirectUri);
    const scope = query.get("scope") ?? "";
    if (scope !== "identify") throw oauthRefusals.invalidScope();
    const method = query.get("code_challenge_method") ?? "S256";
    if (method !== "S256") throw oauthRefusals.invalidField("code_challenge_method");
    return {
      redirectUri,
      scope,
      state: query.get("state") ?? undefined,
      challenge: query.get("code_challenge") ?? undefined,
    };
  }

  /** The user approves. Returns the redirect URL with a code. */
  allow({ redirectUri, scope, state, challenge }: AuthorisationRequest, userId: string): string {
    const code = randomBytes(15).toString("base64url");
    const endsAtMs = this.#clock.nowMs() + CODE_LIFETIME_MS;
    this.#codes.set(code, { userId, redirectUri, scope, challenge, endsAtMs });
    return addressWith(redirectUri, { code, state });
  }

  /** The user cancels. Returns the redirect URL. */
  deny({ redirectUri, state }: AuthorisationRequest): string {
    return addressWith(redirectUri, {
      error: "access_denied",
      error_description: "The resource owner or authorization server denied the request",
      state,
    });
  }

  /** Exchanges a code, once, for a token of its user. Otherwise throws the error for the application. */
  redeem(code: string, redirectUri: string, verifier: string | undefined): string {
    this.#checkRedirect(redirectUri);
    const known = this.#codes.get(code);
    if (!known || known.endsAtMs <= this.#clock.nowMs()) throw oauthRefusals.invalidCode();
    if (known.redirectUri !== redirectUri) throw oauthRefusals.invalidField("redirect_uri");
    if (known.challenge !== undefined) {
      if (verifier === undefined) throw oauthRefusals.missingVerifier();
      if (challengeOf(verifier) !== known.challenge) throw oauthRefusals.invalidVerifier();
    }
    this.#codes.delete(code);
    return this.#issue(known.userId, known.scope);
  }

  /** A token by the client credentials grant. */
  issueToClient(scope: string): string {
    return this.#issue(undefined, scope);
  }

  /** A valid token's user; undefined for any other token. */
  userOf(token: string): string | undefined {
    const known = this.#tokens.get(token);
    return known && known.endsAtMs > this.#clock.nowMs() ? known.userId : undefined;
  }

  /**
   * Ends a token and every other one of the same authorisation. An unknown token is none, as RFC 7009 says.
   * https://discord.com/developers/docs/topics/oauth2#authorization-code-grant-token-revocation-example
   */
  revoke(token: string): void {
    const known = this.#tokens.get(token);
    if (!known) return;
    for (const [other, { userId }] of this.#tokens) {
      if (userId === known.userId) this.#tokens.delete(other);
    }
  }

  /** The number of tokens that are still valid. */
  get validTokens(): number {
    const nowMs = this.#clock.nowMs();
    return [...this.#tokens.values()].filter(({ endsAtMs }) => endsAtMs > nowMs).length;
  }

  #issue(userId: string | undefined, scope: string): string {
    const token = randomBytes(22).toString("base64url");
    const endsAtMs = this.#clock.nowMs() + TOKEN_LIFETIME_MS;
    this.#tokens.set(token, { userId, scope, endsAtMs });
    return token;
  }

  #checkRedirect(redirectUri: string): void {
    if (this.client.redirectUris.includes(redirectUri)) return;
    throw oauthRefusals.invalidField("redirect_uri");
  }
}

/** https://www.rfc-editor.org/rfc/rfc7636#section-4.2 */
function challengeOf(verifier: string): string {
  return createHash("sha256").update(verifier).digest("base64url");
}

function addressWith(
  address: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.href;
}

/** What the token endpoint answers. */
export function tokenJson(token: string, scope: string, hasRefreshToken: boolean) {
  return {
    token_type: "Bearer",
    access_token: token,
    expires_in: TOKEN_LIFETIME_MS / 1000,
    ...(hasRefreshToken && { refresh_token: randomBytes(22).toString("base64url") }),
    scope,
  };
}
