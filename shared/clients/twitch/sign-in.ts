import * as z from "zod/mini";
import type { Connections } from "../../ports/connections.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Config } from "../../runtime/config.ts";
import { describeError } from "../../runtime/errors.ts";
import type { Log } from "../../runtime/log.ts";
import type { TwitchAccount } from "./connect-twitch.ts";
import { TwitchUnavailableError } from "./errors.ts";

/** Where Twitch sends people after they signed in, below the site's address. */
export const TWITCH_CALLBACK_PATH = "/twitch/callback";

/**
 * Signing in at Twitch, to learn whose channel it is and nothing else.
 * https://dev.twitch.tv/docs/authentication/getting-tokens-oauth/#authorization-code-grant-flow
 */
export interface TwitchSignIn {
  /** The page where someone signs in. It requests no permission, and asks for consent each time. */
  pageUrl(state: string): string;
  /**
   * The account that a code belongs to; undefined if Twitch no longer accepts the code. The token is revoked after use
   * and never stored. Throws TwitchUnavailableError.
   */
  whoSignedIn(code: string): Promise<TwitchAccount | undefined>;
}

const REQUEST_TIMEOUT_MS = 3000;
/** Waits before the second and the third try of what may be tried again. */
const RETRY_DELAYS_MS = [250, 1000];

const refusalAnswer = z.object({ message: z.string() });
const tokenAnswer = z.object({ access_token: z.string() });
const usersAnswer = z.object({
  data: z
    .array(z.object({ id: z.string(), login: z.string(), display_name: z.string() }))
    .check(z.length(1)),
});

/** Connects to Twitch's sign-in. */
export function connectTwitchSignIn(
  config: Config<
    | "TWITCH_CLIENT_ID"
    | "TWITCH_CLIENT_SECRET"
    | "TWITCH_API_BASE_URL"
    | "TWITCH_AUTH_BASE_URL"
    | "PUBLIC_SITE_URL"
  >,
  clock: Clock,
  log: Log,
  fetch: Connections["fetch"],
): TwitchSignIn {
  const redirectUri = () => `${config.PUBLIC_SITE_URL}${TWITCH_CALLBACK_PATH}`;

  async function post(path: string, form: Readonly<Record<string, string>>): Promise<Response> {
    return fetch(`${config.TWITCH_AUTH_BASE_URL}${path}`, {
      method: "POST",
      body: new URLSearchParams({ client_id: config.TWITCH_CLIENT_ID, ...form }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
  }

  /** Not tried again: a code works once, even if its answer was lost. */
  async function tokenFor(code: string): Promise<string | undefined> {
    const response = await post("/token", {
      client_secret: config.TWITCH_CLIENT_SECRET,
      code,
      grant_type: "authorization_code",
      redirect_uri: redirectUri(),
    });
    if (response.ok) return tokenAnswer.parse(await response.json()).access_token;
    const refusal = refusalAnswer.safeParse(await response.json().catch(() => undefined));
    const reason = refusal.data?.message ?? "without a reason";
    if (response.status === 400 && /authorization code/i.test(reason)) return undefined;
    throw new Error(`POST /token answered ${response.status}: ${reason}`);
  }

  async function ownerOf(token: string): Promise<TwitchAccount> {
    const headers = { "client-id": config.TWITCH_CLIENT_ID, authorization: `Bearer ${token}` };
    const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const response = await fetch(`${config.TWITCH_API_BASE_URL}/users`, { headers, signal });
    if (!response.ok) throw new Error(`GET /users answered ${response.status}`);
    const [user] = usersAnswer.parse(await response.json()).data;
    if (!user) throw new Error("GET /users returned nobody");
    return { userId: user.id, login: user.login, displayName: user.display_name };
  }

  async function withRetries<T>(work: () => Promise<T>): Promise<T> {
    for (const delayMs of RETRY_DELAYS_MS) {
      try {
        return await work();
      } catch {
        await clock.sleep(delayMs);
      }
    }
    return work();
  }

  /** https://dev.twitch.tv/docs/authentication/revoke-tokens/ If this fails, the token expires after some hours. */
  async function revoke(token: string): Promise<void> {
    try {
      const response = await post("/revoke", { token });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`POST /revoke answered ${response.status}`);
    } catch (error) {
      log.error("A Twitch token was not revoked", error);
    }
  }

  return {
    pageUrl(state) {
      const query = new URLSearchParams({
        response_type: "code",
        client_id: config.TWITCH_CLIENT_ID,
        redirect_uri: redirectUri(),
        scope: "",
        state,
        force_verify: "true",
      });
      return `${config.TWITCH_AUTH_BASE_URL}/authorize?${query}`;
    },

    async whoSignedIn(code) {
      try {
        const token = await tokenFor(code);
        if (token === undefined) return undefined;
        try {
          return await withRetries(() => ownerOf(token));
        } finally {
          await revoke(token);
        }
      } catch (error) {
        throw new TwitchUnavailableError(describeError(error), { cause: error });
      }
    },
  };
}
