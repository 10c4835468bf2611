import * as z from "zod/mini";
import { defineEvent } from "../../../shared/events/define-event.ts";

const base = {
  /** Twitch's message id: the same when Twitch sends the message again. */
  id: z.string(),
  /** When Twitch made the message, in milliseconds since the epoch. */
  occurredAtMs: z.number(),
  broadcasterId: z.string(),
};

/** Twitch's name in small letters, and as the channel writes it. */
const names = { broadcasterLogin: z.string(), broadcasterName: z.string() };

/**
 * An event of a broadcaster: a stream began or ended, or a subscription was revoked.
 * https://dev.twitch.tv/docs/eventsub/eventsub-reference/
 */
export const twitchEventReceived = defineEvent({
  topic: "twitch-events",
  schema: z.discriminatedUnion("type", [
    z.object({
      ...base,
      type: z.literal("stream.online"),
      ...names,
      streamId: z.string(),
      startedAtMs: z.number(),
    }),
    z.object({ ...base, type: z.literal("stream.offline"), ...names }),
    z.object({
      ...base,
      type: z.literal("revocation"),
      /** Twitch's own id of what was revoked; older messages do not have it. */
      subscriptionId: z.optional(z.string()),
      subscriptionType: z.string(),
      reason: z.string(),
    }),
  ]),
  attributes: (event) => ({ type: event.type }),
});

export type TwitchEvent = z.infer<typeof twitchEventReceived.schema>;
