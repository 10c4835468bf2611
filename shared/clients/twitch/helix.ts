import * as z from "zod/mini";
import type { Connections } from "../../ports/connections.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Config } from "../../runtime/config.ts";
import { describeError } from "../../runtime/errors.ts";
import { TwitchRefusedError, TwitchUnavailableError } from "./errors.ts";

const REQUEST_TIMEOUT_MS = 3000;
/** Waits before the second and the third try. */
const RETRY_DELAYS_MS = [250, 1000];
/** A token is renewed this long before Twitch says it ends. */
const TOKEN_MARGIN_MS = 5 * 60_000;

const tokenAnswer = z.object({ access_token: z.string(), expires_in: z.number() });

/**
 * Connects to the Helix API with an app token, which is cached until shortly before it expires and fetched again
 * once on a 401. https://dev.twitch.tv/docs/api/
 */
export function connectHelix(
  config: Config<
    "TWITCH_CLIENT_ID" | "TWITCH_CLIENT_SECRET" | "TWITCH_API_BASE_URL" | "TWITCH_AUTH_BASE_URL"
  >,
  clock: Clock,
  fetch: Connections["fetch"],
) {
  let token: { value: string; renewAtMs: number } | undefined;

  async function freshToken(): Promise<string> {
    if (token && clock.now().getTime() < token.renewAtMs) return token.value;
    const form = {
      client_id: config.TWITCH_CLIENT_ID,
      client_secret: config.TWITCH_CLIENT_SECRET,
      grant_type: "client_credentials",
    };
    const response = await fetch(`${config.TWITCH_AUTH_BASE_URL}/token`, {
      method: "POST",
      body: new URLSearchParams(form),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`POST /token answered ${response.status}`);
    const answer = tokenAnswer.parse(await response.json());
    const endsAtMs = clock.now().getTime() + answer.expires_in * 1000;
    token = { value: answer.access_token, renewAtMs: endsAtMs - TOKEN_MARGIN_MS };
    return token.value;
  }

  async function request(method: string, path: string, body?: object): Promise<Response> {
    return fetch(`${config.TWITCH_API_BASE_URL}${path}`, {
      method,
      headers: {
        "client-id": config.TWITCH_CLIENT_ID,
        authorization: `Bearer ${await freshToken()}`,
        ...(body && { "content-type": "application/json" }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
  }

  async function requestWithToken(method: string, path: string, body?: object): Promise<Response> {
    const response = await request(method, path, body);
    if (response.status !== 401) return response;
    await response.body?.cancel();
    token = undefined;
    return request(method, path, body);
  }

  async function getOnce<T>(path: string, schema: z.ZodMiniType<T>): Promise<T> {
    const response = await requestWithToken("GET", path);
    if (response.status === 400) throw new TwitchRefusedError(`GET ${path} was refused`);
    if (!response.ok) throw new Error(`GET ${path} answered ${response.status}`);
    return schema.parse(await response.json());
  }

  async function withRetries<T>(work: () => Promise<T>): Promise<T> {
    for (const delayMs of RETRY_DELAYS_MS) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof TwitchRefusedError) throw error;
        await clock.sleep(delayMs);
      }
    }
    return work().catch((error: unknown) => {
      if (error instanceof TwitchRefusedError) throw error;
      throw new TwitchUnavailableError(describeError(error), { cause: error });
    });
  }

  const get = <T>(path: string, schema: z.ZodMiniType<T>) =>
    withRetries(() => getOnce(path, schema));

  return { get, request: requestWithToken, withRetries };
}
