import * as z from "zod/mini";
import type { Stream } from "../events/stream.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Config } from "../runtime/config.ts";
import { describeError } from "../runtime/errors.ts";

/** Twitch gave no usable answer, which says nothing of whether anyone is live. */
export class TwitchUnavailableError extends Error {
  override name = "TwitchUnavailableError";
}

/** Twitch refuses the question itself, such as a name that can be no one's. Asking again is no use. */
export class TwitchRefusedError extends Error {
  override name = "TwitchRefusedError";
}

/** A past stream's video: https://dev.twitch.tv/docs/api/reference/#get-videos */
export interface ArchiveVideo {
  readonly streamId: string;
  readonly url: string;
  readonly createdAtMs: number;
}

/** Who is looked for: by the id where it is known, since names change. */
export type TwitchIdentity = { readonly userId: string } | { readonly login: string };

/** Someone's account; `displayName` is the login as they write it. */
export interface TwitchAccount {
  readonly userId: string;
  readonly login: string;
  readonly displayName: string;
}

/** Where Twitch is to send its messages, and the secret it signs them with. */
interface EventSubCallback {
  readonly url: string;
  readonly secret: string;
}

/** What we ask of Twitch. */
export interface Twitch {
  /**
   * The stream that is live now, or undefined. Throws TwitchUnavailableError when nobody knows, and
   * TwitchRefusedError when there can be no such channel.
   */
  liveStream(identity: TwitchIdentity): Promise<Stream | undefined>;
  /** The account of this name, or undefined. Throws as `liveStream` does. */
  findUser(login: string): Promise<TwitchAccount | undefined>;
  /**
   * Asks to be told when a channel goes live and when it ends; asking again changes nothing.
   * https://dev.twitch.tv/docs/api/reference/#create-eventsub-subscription
   */
  subscribe(userId: string, callback: EventSubCallback): Promise<void>;
  /** The newest 20 archive videos, a running stream's among them. Throws TwitchUnavailableError. */
  archiveVideos(userId: string): Promise<ArchiveVideo[]>;
}

const REQUEST_TIMEOUT_MS = 3000;
/** Waits before the second and the third try. */
const RETRY_DELAYS_MS = [250, 1000];
/** A token is renewed this long before Twitch says it ends. */
const TOKEN_MARGIN_MS = 5 * 60_000;
/** What we want to be told of a channel. */
const SUBSCRIPTION_TYPES = ["stream.online", "stream.offline"] as const;
/** There is one like it already. */
const CONFLICT = 409;
const THUMBNAIL = { width: "1280", height: "720" };

const tokenAnswer = z.object({ access_token: z.string(), expires_in: z.number() });
const streamsAnswer = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      user_id: z.string(),
      user_login: z.string(),
      title: z.string(),
      game_name: z.string(),
      thumbnail_url: z.string(),
      started_at: z.string(),
    }),
  ),
});
const usersAnswer = z.object({
  data: z.array(z.object({ id: z.string(), login: z.string(), display_name: z.string() })),
});
const videosAnswer = z.object({
  data: z.array(
    z.object({ stream_id: z.nullable(z.string()), url: z.string(), created_at: z.string() }),
  ),
});

/**
 * Connects to Twitch's Helix API with an app token, which is kept until shortly before it ends and
 * fetched anew once on a 401. Each call is tried three times. https://dev.twitch.tv/docs/api/
 */
export function connectTwitch(
  config: Config<
    "TWITCH_CLIENT_ID" | "TWITCH_CLIENT_SECRET" | "TWITCH_API_BASE_URL" | "TWITCH_AUTH_BASE_URL"
  >,
  clock: Clock,
): Twitch {
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

  async function request(path: string, body?: object): Promise<Response> {
    return fetch(`${config.TWITCH_API_BASE_URL}${path}`, {
      method: body ? "POST" : "GET",
      headers: {
        "client-id": config.TWITCH_CLIENT_ID,
        authorization: `Bearer ${await freshToken()}`,
        ...(body && { "content-type": "application/json" }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
  }

  async function requestWithToken(path: string, body?: object): Promise<Response> {
    const response = await request(path, body);
    if (response.status !== 401) return response;
    await response.body?.cancel();
    token = undefined;
    return request(path, body);
  }

  async function get<T>(path: string, schema: z.ZodMiniType<T>): Promise<T> {
    const response = await requestWithToken(path);
    if (response.status === 400) throw new TwitchRefusedError(`GET ${path} was refused`);
    if (!response.ok) throw new Error(`GET ${path} answered ${response.status}`);
    return schema.parse(await response.json());
  }

  async function subscribeTo(type: string, userId: string, callback: EventSubCallback) {
    const response = await requestWithToken("/eventsub/subscriptions", {
      type,
      version: "1",
      condition: { broadcaster_user_id: userId },
      transport: { method: "webhook", callback: callback.url, secret: callback.secret },
    });
    await response.body?.cancel();
    if (response.ok || response.status === CONFLICT) return;
    throw new Error(`POST /eventsub/subscriptions for ${type} answered ${response.status}`);
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

  const getWithRetries = <T>(path: string, schema: z.ZodMiniType<T>) =>
    withRetries(() => get(path, schema));

  return {
    async liveStream(identity) {
      const query: Record<string, string> =
        "userId" in identity ? { user_id: identity.userId } : { user_login: identity.login };
      const path = `/streams?${new URLSearchParams({ ...query, type: "live" })}`;
      const [stream] = (await getWithRetries(path, streamsAnswer)).data;
      return stream && toStream(stream);
    },

    async findUser(login) {
      const path = `/users?${new URLSearchParams({ login })}`;
      const [user] = (await getWithRetries(path, usersAnswer)).data;
      return user && { userId: user.id, login: user.login, displayName: user.display_name };
    },

    async subscribe(userId, callback) {
      for (const type of SUBSCRIPTION_TYPES) {
        await withRetries(() => subscribeTo(type, userId, callback));
      }
    },

    async archiveVideos(userId) {
      const path = `/videos?${new URLSearchParams({ user_id: userId, type: "archive" })}`;
      const { data } = await getWithRetries(path, videosAnswer);
      return data.flatMap((video) =>
        video.stream_id === null
          ? []
          : [
              {
                streamId: video.stream_id,
                url: video.url,
                createdAtMs: Date.parse(video.created_at),
              },
            ],
      );
    },
  };
}

function toStream(stream: z.infer<typeof streamsAnswer>["data"][number]): Stream {
  return {
    id: stream.id,
    userId: stream.user_id,
    userLogin: stream.user_login,
    title: stream.title,
    categoryName: stream.game_name,
    thumbnailUrl: stream.thumbnail_url
      .replace("{width}", THUMBNAIL.width)
      .replace("{height}", THUMBNAIL.height),
    startedAtMs: Date.parse(stream.started_at),
  };
}
