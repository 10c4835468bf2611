import * as z from "zod/mini";
import { readRfc3339 } from "../../../shared/runtime/sender-time.ts";
import type { TwitchEvent } from "../events/twitch-event.ts";

/** The first message of a subscription: its challenge goes back as it is. */
export const challengeSchema = z.object({ challenge: z.string().check(z.minLength(1)) });

const rfc3339 = z.string().check(z.refine((text) => readRfc3339(text) !== undefined));
const broadcaster = {
  broadcaster_user_id: z.string(),
  broadcaster_user_login: z.string(),
  broadcaster_user_name: z.string(),
};
const online = z.object({
  subscription: z.object({ type: z.literal("stream.online") }),
  event: z.object({ ...broadcaster, id: z.string(), started_at: rfc3339 }),
});
const offline = z.object({
  subscription: z.object({ type: z.literal("stream.offline") }),
  event: z.object(broadcaster),
});
const revocation = z.object({
  subscription: z.object({
    id: z.optional(z.string()),
    type: z.string(),
    status: z.string(),
    condition: z.object({ broadcaster_user_id: z.string() }),
  }),
});

/** What the headers say of a message. */
interface MessageHeaders {
  readonly id: string;
  readonly type: string;
  readonly sentAtMs: number;
}

/**
 * The event in a signed message, or undefined for a kind we have no use for.
 * https://dev.twitch.tv/docs/eventsub/eventsub-reference/
 */
export function toTwitchEvent(headers: MessageHeaders, content: unknown): TwitchEvent | undefined {
  const base = { id: headers.id, occurredAtMs: headers.sentAtMs };
  if (headers.type === "revocation") {
    const revoked = revocation.safeParse(content);
    if (!revoked.success) return undefined;
    const { id, type, status, condition } = revoked.data.subscription;
    return {
      ...base,
      type: "revocation",
      broadcasterId: condition.broadcaster_user_id,
      subscriptionType: type,
      reason: status,
      ...(id ? { subscriptionId: id } : {}),
    };
  }
  if (headers.type !== "notification") return undefined;
  const began = online.safeParse(content);
  if (began.success) {
    const { event } = began.data;
    return {
      ...base,
      type: "stream.online",
      broadcasterId: event.broadcaster_user_id,
      broadcasterLogin: event.broadcaster_user_login,
      broadcasterName: event.broadcaster_user_name,
      streamId: event.id,
      startedAtMs: Date.parse(event.started_at),
    };
  }
  const ended = offline.safeParse(content);
  if (!ended.success) return undefined;
  return {
    ...base,
    type: "stream.offline",
    broadcasterId: ended.data.event.broadcaster_user_id,
    broadcasterLogin: ended.data.event.broadcaster_user_login,
    broadcasterName: ended.data.event.broadcaster_user_name,
  };
}
