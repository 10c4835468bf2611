import * as z from "zod/mini";
import type { Connections } from "../../ports/connections.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Config } from "../../runtime/config.ts";
import {
  subscriptionsWantedFor,
  type WantedSubscription,
} from "../../twitch/event-subscriptions.ts";
import type { Stream } from "../../twitch/stream.ts";
import {
  streamsAnswer,
  subscriptionsAnswer,
  toStream,
  toSubscription,
  usersAnswer,
  videosAnswer,
} from "./answers.ts";
import { TwitchUnavailableError } from "./errors.ts";
import type { EventSubCallback } from "./event-sub-callback.ts";
import { connectHelix } from "./helix.ts";

/**
 * The list of streams may lag behind the events by this much:
 * https://dev.twitch.tv/docs/api/reference/#get-streams
 */
export const HELIX_LAG_MS = 2 * 60_000;

/** A past stream's video: https://dev.twitch.tv/docs/api/reference/#get-videos */
export interface ArchiveVideo {
  readonly streamId: string;
  readonly url: string;
  readonly createdAtMs: number;
}

/** The person to find: by id if it is known, since names change. */
export type TwitchIdentity = { readonly userId: string } | { readonly login: string };

/** Someone's account; `displayName` is the login as they write it. */
export interface TwitchAccount {
  readonly userId: string;
  readonly login: string;
  readonly displayName: string;
}

/** A webhook subscription of our application, in any state. */
export interface EventSubSubscription {
  readonly id: string;
  readonly status: string;
  readonly type: string;
  readonly version: string;
  /** The broadcaster; undefined for types without one. */
  readonly twitchUserId: string | undefined;
  /** Undefined unless it is sent to a webhook. */
  readonly callback: string | undefined;
}

/** The outcome of creating a subscription. A refusal persists until its reason is fixed. */
export type SubscriptionAnswer =
  | { readonly kind: "made" | "exists" }
  | { readonly kind: "refused"; readonly reason: string };

/** Our calls to Twitch. */
export interface Twitch {
  /**
   * The stream that is live now, or undefined. Throws TwitchUnavailableError if that is unknown, and
   * TwitchRefusedError if there can be no such channel.
   */
  liveStream(identity: TwitchIdentity): Promise<Stream | undefined>;
  /** The account of this name, or undefined. Throws as `liveStream` does. */
  findUser(login: string): Promise<TwitchAccount | undefined>;
  /**
   * Subscribes to the begin and end of a channel's streams. Idempotent.
   * https://dev.twitch.tv/docs/api/reference/#create-eventsub-subscription
   */
  subscribe(userId: string, callback: EventSubCallback): Promise<void>;
  /** Creates one subscription. Throws TwitchUnavailableError, also while Twitch limits our calls. */
  createSubscription(
    wanted: WantedSubscription,
    callback: EventSubCallback,
  ): Promise<SubscriptionAnswer>;
  /**
   * All of the application's subscriptions, including ended ones that were not deleted. Throws
   * TwitchUnavailableError.
   * https://dev.twitch.tv/docs/api/reference/#get-eventsub-subscriptions
   */
  subscriptions(): AsyncGenerator<EventSubSubscription>;
  /**
   * Deletes a subscription. A missing one counts as deleted. Throws TwitchUnavailableError.
   * https://dev.twitch.tv/docs/api/reference/#delete-eventsub-subscription
   */
  deleteSubscription(id: string): Promise<void>;
  /** The newest 20 archive videos, a running stream's among them. Throws TwitchUnavailableError. */
  archiveVideos(userId: string): Promise<ArchiveVideo[]>;
}

/** Such a subscription exists already. */
const CONFLICT = 409;
/** Refusals of the request itself: no such broadcaster, not allowed. */
const REFUSALS = [400, 403];
const TOO_MANY = 429;
const SUBSCRIPTIONS_PATH = "/eventsub/subscriptions";
/** Twitch allows 10,000 subscriptions unless it has agreed to more, a hundred to a page. */
const MAX_PAGES = 200;

const refusalAnswer = z.object({ message: z.string() });

/**
 * Connects to Twitch's Helix API with an app token, which is cached until shortly before it expires and
 * fetched again once on a 401. Each call is tried three times. https://dev.twitch.tv/docs/api/
 */
export function connectTwitch(
  config: Config<
    "TWITCH_CLIENT_ID" | "TWITCH_CLIENT_SECRET" | "TWITCH_API_BASE_URL" | "TWITCH_AUTH_BASE_URL"
  >,
  clock: Clock,
  fetch: Connections["fetch"],
): Twitch {
  const helix = connectHelix(config, clock, fetch);

  async function create(
    wanted: WantedSubscription,
    callback: EventSubCallback,
  ): Promise<SubscriptionAnswer> {
    const response = await helix.request("POST", SUBSCRIPTIONS_PATH, {
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
    const response = await helix.request("DELETE", path);
    await response.body?.cancel();
    if (response.ok || response.status === 404) return;
    throw new Error(`DELETE ${SUBSCRIPTIONS_PATH} answered ${response.status}`);
  }

  return {
    async liveStream(identity) {
      const query: Record<string, string> =
        "userId" in identity ? { user_id: identity.userId } : { user_login: identity.login };
      const path = `/streams?${new URLSearchParams({ ...query, type: "live" })}`;
      const [stream] = (await helix.get(path, streamsAnswer)).data;
      return stream && toStream(stream);
    },

    async findUser(login) {
      const path = `/users?${new URLSearchParams({ login })}`;
      const [user] = (await helix.get(path, usersAnswer)).data;
      return user && { userId: user.id, login: user.login, displayName: user.display_name };
    },

    async subscribe(userId, callback) {
      for (const wanted of subscriptionsWantedFor(userId)) {
        const answer = await helix.withRetries(() => create(wanted, callback));
        if (answer.kind === "refused") throw new TwitchUnavailableError(answer.reason);
      }
    },

    createSubscription: (wanted, callback) => helix.withRetries(() => create(wanted, callback)),

    async *subscriptions() {
      let after: string | undefined;
      for (let pages = 0; pages < MAX_PAGES; pages += 1) {
        const query = new URLSearchParams(after ? { after } : {});
        const answer = await helix.get(`${SUBSCRIPTIONS_PATH}?${query}`, subscriptionsAnswer);
        yield* answer.data.map(toSubscription);
        after = answer.pagination?.cursor;
        if (!after) return;
      }
    },

    deleteSubscription: (id) => helix.withRetries(() => remove(id)),

    async archiveVideos(userId) {
      const path = `/videos?${new URLSearchParams({ user_id: userId, type: "archive" })}`;
      const { data } = await helix.get(path, videosAnswer);
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

/** A 429 for too many subscriptions is permanent; one for too many calls is temporary. */
function isRefusal({ status, headers }: Response): boolean {
  if (status === TOO_MANY) return Number(headers.get("ratelimit-remaining") ?? 0) > 0;
  return REFUSALS.includes(status);
}

async function reasonOf(response: Response): Promise<string> {
  const refusal = refusalAnswer.safeParse(await response.json().catch(() => undefined));
  return refusal.success ? refusal.data.message : `Twitch answered ${response.status}`;
}
