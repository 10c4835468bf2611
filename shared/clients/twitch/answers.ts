import * as z from "zod/mini";
import type { Stream } from "../../twitch/stream.ts";
import type { EventSubSubscription } from "./connect-twitch.ts";

const THUMBNAIL = { width: "1280", height: "720" };

export const streamsAnswer = z.object({
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
export const usersAnswer = z.object({
  data: z.array(z.object({ id: z.string(), login: z.string(), display_name: z.string() })),
});
export const videosAnswer = z.object({
  data: z.array(
    z.object({ stream_id: z.nullable(z.string()), url: z.string(), created_at: z.string() }),
  ),
});
export const subscriptionsAnswer = z.object({
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

export function toStream(stream: z.infer<typeof streamsAnswer>["data"][number]): Stream {
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

export function toSubscription(
  subscription: z.infer<typeof subscriptionsAnswer>["data"][number],
): EventSubSubscription {
  const { id, status, type, version, condition, transport } = subscription;
  const twitchUserId = condition.broadcaster_user_id;
  return { id, status, type, version, twitchUserId, callback: transport.callback };
}
