import * as z from "zod/mini";
import type { Connections } from "../ports/connections.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Config } from "../runtime/config.ts";
import { describeError } from "../runtime/errors.ts";
import { subscriptionsWantedFor, type WantedSubscription } from "../twitch/event-subscriptions.ts";
import type { Stream } from "../twitch/stream.ts";
import type { EventSubCallback } from "./event-sub-callback.ts";

/**
 * The list of streams may be so far behind the events, which know better of the last minutes:
 * https://dev.twitch.tv/docs/api/reference/#get-streams
 */
export const HELIX_LAG_MS = 2 * 60_000;

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

/** A subscription of our application over a webhook, whatever became of it. */
export interface EventSubSubscription {
  readonly id: string;
  readonly status: string;
  readonly type: string;
  readonly version: string;
  /** Whom it is about; undefined for a kind that is about no broadcaster. */
  readonly twitchUserId: string | undefined;
  /** Undefined for one that is sent elsewhere than to a webhook. */
  readonly callback: string | undefined;
}

/** What came of asking for a subscription. A refusal stands until someone fixes its reason. */
export type SubscriptionAnswer =
  | { readonly kind: "made" | "exists" }
  | { readonly kind: "refused"; readonly reason: string };

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
  /** Asks for one subscription. Throws TwitchUnavailableError, also while we ask too often. */
  createSubscription(
    wanted: WantedSubscription,
    callback: EventSubCallback,
  ): Promise<SubscriptionAnswer>;
  /**
   * All of the application's subscriptions, ended ones that nobody has deleted too, read page by
   * page. Throws TwitchUnavailableError.
   * https://dev.twitch.tv/docs/api/reference/#get-eventsub-subscriptions
   */
  subscriptions(): AsyncGenerator<EventSubSubscription>;
  /**
   * Deletes a subscription; one that is gone already is as good. Throws TwitchUnavailableError.
   * https://dev.twitch.tv/docs/api/reference/#delete-eventsub-subscription
   */
  deleteSubscription(id: string): Promise<void>;
  /** The newest 20 archive videos, a running stream's among them. Throws TwitchUnavailableError. */
  archiveVideos(userId: string): Promise<ArchiveVideo[]>;
}

const REQUEST_TIMEOUT_MS = 3000;
/** Waits before the second and the third try. */
const RETRY_DELAYS_MS = [250, 1000];
/** A token is renewed this long before Twitch says it ends. */
const TOKEN_MARGIN_MS = 5 * 60_000;
/** There is one like it already. */
const CONFLICT = 409;
/** Refusals that say what is wrong with the question: no such broadcaster, not allowed. */
const REFUSALS = [400, 403];
const TOO_MANY = 429;
const SUBSCRIPTIONS_PATH = "/eventsub/subscriptions";
/** Twitch allows 10,000 subscriptions unless it has agreed to more, a hundred to a page. */
const MAX_PAGES = 200;
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
const subscriptionsAnswer = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      type: z.string(),
      version: z.string(),
      condition: z.object({ broadcaster_user_id: z.optional(z.string()) }),
      transport: z.object({ callback: z.optional(z.string()) }),
    }),
  ),
  pagination: z.optional(z.object({ cursor: z.optional(z.string()) })),
});
const refusalAnswer = z.object({ message: z.string() });

/**
 * Connects to Twitch's Helix API with an app token, which is kept until shortly before it ends and
 * fetched anew once on a 401. Each call is tried three times. https://dev.twitch.tv/docs/api/
 */
export function connectTwitch(
  config: Config<
    "TWITCH_CLIENT_ID" | "TWITCH_CLIENT_SECRET" | "TWITCH_API_BASE_URL" | "TWITCH_AUTH_BASE_URL"
  >,
  clock: Clock,
  fetch: Connections["fetch"],
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

  async function get<T>(path: string, schema: z.ZodMiniType<T>): Promise<T> {
    const response = await requestWithToken("GET", path);
    if (response.status === 400) throw new TwitchRefusedError(`GET ${path} was refused`);
    if (!response.ok) throw new Error(`GET ${path} answered ${response.status}`);
    return schema.parse(await response.json());
  }

  async function create(
    wanted: WantedSubscription,
    callback: EventSubCallback,
  ): Promise<SubscriptionAnswer> {
    const response = await requestWithToken("POST", SUBSCRIPTIONS_PATH, {
      type: wanted.type,
      version: wanted.version,
      condition: { broadcaster_user_id: wanted.twitchUserId },
      transport: { method: "webhook", callback: callback.url, secret: callback.secret },
    });
    if (isRefusal(response)) return { kind: "refused", reason: await reasonOf(response) };
    await response.body?.cancel();
    if (response.ok) return { kind: "made" };
    if (response.status === CONFLICT) return { kind: "exists" };
    throw new Error(`POST ${SUBSCRIPTIONS_PATH} for ${wanted.type} answered ${response.status}`);
  }

  async function remove(id: string): Promise<void> {
    const path = `${SUBSCRIPTIONS_PATH}?${new URLSearchParams({ id })}`;
    const response = await requestWithToken("DELETE", path);
    await response.body?.cancel();
    if (response.ok || response.status === 404) return;
    throw new Error(`DELETE ${SUBSCRIPTIONS_PATH} answered ${response.status}`);
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
      for (const wanted of subscriptionsWantedFor(userId)) {
        const answer = await withRetries(() => create(wanted, callback));
        if (answer.kind === "refused") throw new TwitchUnavailableError(answer.reason);
      }
    },

    createSubscription: (wanted, callback) => withRetries(() => create(wanted, callback)),

    async *subscriptions() {
      let after: string | undefined;
      for (let pages = 0; pages < MAX_PAGES; pages += 1) {
        const query = new URLSearchParams(after ? { after } : {});
        const answer = await getWithRetries(`${SUBSCRIPTIONS_PATH}?${query}`, subscriptionsAnswer);
        yield* answer.data.map(toSubscription);
        after = answer.pagination?.cursor;
        if (!after) return;
      }
    },

    deleteSubscription: (id) => withRetries(() => remove(id)),

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

function toSubscription(
  subscription: z.infer<typeof subscriptionsAnswer>["data"][number],
): EventSubSubscription {
  const { id, status, type, version, condition, transport } = subscription;
  const twitchUserId = condition.broadcaster_user_id;
  return { id, status, type, version, twitchUserId, callback: transport.callback };
}

/** Too many subscriptions is for good, too many calls is for a while. */
function isRefusal({ status, headers }: Response): boolean {
  if (status === TOO_MANY) return Number(headers.get("ratelimit-remaining") ?? 0) > 0;
  return REFUSALS.includes(status);
}

async function reasonOf(response: Response): Promise<string> {
  const refusal = refusalAnswer.safeParse(await response.json().catch(() => undefined));
  return refusal.success ? refusal.data.message : `Twitch answered ${response.status}`;
}
