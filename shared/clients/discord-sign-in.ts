import { createHash } from "node:crypto";
import * as z from "zod/mini";
import type { Connections } from "../ports/connections.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Config } from "../runtime/config.ts";
import { describeError } from "../runtime/errors.ts";
import type { Log } from "../runtime/log.ts";

/** Where Discord sends people after they signed in, below the site's address. */
export const DISCORD_CALLBACK_PATH = "/discord/callback";

/** Discord gave no usable answer, so it is unknown who signed in. */
export class DiscordUnavailableError extends Error {
  override name = "DiscordUnavailableError";
}

/** Someone's Discord account. */
export interface DiscordAccount {
  readonly userId: string;
  readonly username: string;
}

/** The values that tie Discord's answer to the browser that began the sign-in. */
export interface SignInProof {
  /** Returned by the browser. */
  readonly state: string;
  /** Stays with us until the code is exchanged: https://www.rfc-editor.org/rfc/rfc7636 */
  readonly verifier: string;
}

/**
 * Signing in at Discord, to learn who someone is and nothing else.
 * https://discord.com/developers/docs/topics/oauth2#authorization-code-grant
 */
export interface DiscordSignIn {
  /** The page where someone signs in. It asks for consent each time, so that nobody signs in without noticing. */
  pageUrl(proof: SignInProof): string;
  /** The origin that the page is at, for the policy of the form that leads there. */
  readonly pageOrigin: string;
  /**
   * The account that a code belongs to; undefined if Discord no longer accepts the code, or the verifier does not match
   * it. The token is revoked after use and never stored. Throws DiscordUnavailableError.
   */
  whoSignedIn(code: string, verifier: string): Promise<DiscordAccount | undefined>;
}

/** Time limits of the calls: together, with one retry of the second, they fit into the function's. */
const REQUEST_TIMEOUT_MS = 3000;
const RETRY_DELAY_MS = 250;
/**
 * After a refusal of us, and not of the person, Discord is not asked for a while: many of these in a short time ban
 * the address that the bot calls from as well, and anyone can make us call.
 * https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
 */
const REFUSALS: ReadonlySet<number> = new Set([401, 403, 429]);
const PAUSE_MS = 60_000;

const refusalAnswer = z.object({ error: z.string(), error_description: z.optional(z.string()) });
const tokenAnswer = z.object({ access_token: z.string() });
const userAnswer = z.object({
  id: z.string().check(z.regex(/^\d{1,20}$/)),
  username: z.string(),
});

/** Connects to Discord's sign-in. */
export function connectDiscordSignIn(
  config: Config<
    "DISCORD_APPLICATION_ID" | "DISCORD_CLIENT_SECRET" | "DISCORD_API_BASE_URL" | "PUBLIC_SITE_URL"
  >,
  clock: Clock,
  log: Log,
  fetch: Connections["fetch"],
): DiscordSignIn {
  const pause = { untilMs: 0 };
  const redirectUri = () => `${config.PUBLIC_SITE_URL}${DISCORD_CALLBACK_PATH}`;

  /** Discord accepts only forms here. */
  async function post(path: string, form: Readonly<Record<string, string>>): Promise<Response> {
    const { DISCORD_APPLICATION_ID, DISCORD_CLIENT_SECRET } = config;
    if (clock.now().getTime() < pause.untilMs) throw new Error(`POST /oauth2${path} has to wait`);
    const response = await fetch(`${config.DISCORD_API_BASE_URL}/v10/oauth2${path}`, {
      method: "POST",
      body: new URLSearchParams({
        client_id: DISCORD_APPLICATION_ID,
        client_secret: DISCORD_CLIENT_SECRET,
        ...form,
      }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    if (REFUSALS.has(response.status)) pause.untilMs = clock.now().getTime() + PAUSE_MS;
    return response;
  }

  /** Not tried again: a code works once, even if its answer was lost. */
  async function tokenFor(code: string, verifier: string): Promise<string | undefined> {
    const response = await post("/token", {
      grant_type: "authorization_code",
      code,
      redirect_uri: redirectUri(),
      code_verifier: verifier,
    });
    const body: unknown = await response.json().catch(() => undefined);
    if (response.ok) return tokenAnswer.parse(body).access_token;
    const { error, error_description: why = "" } = refusalAnswer.safeParse(body).data ?? {};
    if (response.status === 400 && error === "invalid_grant") return undefined;
    throw new Error(`POST /oauth2/token answered ${response.status}: ${error ?? ""} ${why}`);
  }

  /** Undefined if the token is revoked: another sign-in of the same person did that. */
  async function ownerOf(token: string): Promise<DiscordAccount | undefined> {
    const response = await fetch(`${config.DISCORD_API_BASE_URL}/v10/users/@me`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    if (!response.ok) await response.body?.cancel();
    if (response.status === 401) return undefined;
    if (!response.ok) throw new Error(`GET /users/@me answered ${response.status}`);
    const { id, username } = userAnswer.parse(await response.json());
    return { userId: id, username };
  }

  async function withRetry<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch {
      await clock.sleep(RETRY_DELAY_MS);
      return work();
    }
  }

  /** If this fails, the token expires after a week, and nobody has it. */
  async function revoke(token: string): Promise<void> {
    try {
      const response = await post("/token/revoke", { token });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`POST /oauth2/token/revoke answered ${response.status}`);
    } catch (error) {
      log.error("A Discord token was not revoked", error);
    }
  }

  return {
    pageUrl({ state, verifier }) {
      const query = new URLSearchParams({
        response_type: "code",
        client_id: config.DISCORD_APPLICATION_ID,
        redirect_uri: redirectUri(),
        scope: "identify",
        state,
        code_challenge: createHash("sha256").update(verifier).digest("base64url"),
        code_challenge_method: "S256",
        prompt: "consent",
      });
      // As https://discord.com/.well-known/oauth-authorization-server names it.
      return `${config.DISCORD_API_BASE_URL}/oauth2/authorize?${query}`;
    },

    get pageOrigin() {
      return new URL(config.DISCORD_API_BASE_URL).origin;
    },

    async whoSignedIn(code, verifier) {
      try {
        const token = await tokenFor(code, verifier);
        if (token === undefined) return undefined;
        try {
          return await withRetry(() => ownerOf(token));
        } finally {
          await revoke(token);
        }
      } catch (error) {
        throw new DiscordUnavailableError(describeError(error), { cause: error });
      }
    },
  };
}
