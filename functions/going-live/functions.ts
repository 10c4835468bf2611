import type { FunctionRows } from "../../shared/runtime/function/function-row.ts";
import {
  announcements,
  discord,
  platformOnly,
  project,
  redis,
  retried,
  small,
  tasks,
  twitch,
} from "../../shared/runtime/function/row-parts.ts";

/** The deployed functions of this feature. */
export const goingLiveFunctions = {
  "twitch-webhook": {
    deps: platformOnly,
    does: "Checks the HMAC and the age of Twitch's messages, answers the challenge, and publishes events.",
    ...small,
    trigger: { kind: "http", isPublic: true },
    timeoutSeconds: 10,
    publishes: ["twitch-events"],
    publishDeadlineMs: 3_000,
    settings: [...project, "TWITCH_EVENTSUB_SECRET"],
  },
  "go-live": {
    does: "Asks Twitch whether the builder is live, stores the go-live, and publishes the work.",
    ...small,
    trigger: {
      kind: "topic",
      topic: "discord-commands",
      filter: { handler: "go-live" },
      retry: retried,
    },
    publishes: ["order-verifications", "announcements", "dead-letters"],
    settings: [...project, ...discord, ...twitch, ...redis],
  },
  "order-verification": {
    does: "Marks one order as `building`, asks for the release of its money, and sends the buyer's DM and the builder's report.",
    ...small,
    trigger: { kind: "topic", topic: "order-verifications", retry: retried },
    publishes: ["order-releases", "dead-letters"],
    enqueues: ["vod-link"],
    settings: [...project, ...discord, ...tasks, "DISCORD_ORDERS_CHANNEL_ID", "PUBLIC_SITE_URL"],
  },
  announcement: {
    does: "Posts the hangout announcement or the drop alert.",
    ...small,
    trigger: { kind: "topic", topic: "announcements", retry: retried },
    publishes: ["dead-letters"],
    settings: [...project, ...discord, ...redis, ...announcements],
  },
  "stream-status": {
    does: "Handles a builder's live status, revoked subscriptions, and the end of a stream.",
    ...small,
    trigger: { kind: "topic", topic: "twitch-events", retry: retried },
    publishes: ["dead-letters"],
    enqueues: ["vod-link", "drop-board", "auction-board", "hammer-drop"],
    settings: [
      ...project,
      ...discord,
      ...tasks,
      ...redis,
      "DISCORD_OPERATORS_CHANNEL_ID",
      "PUBLIC_SITE_URL",
    ],
  },
  "vod-link": {
    does: "Stores the permanent video link of the orders proved in a stream.",
    ...small,
    trigger: {
      kind: "queue",
      retry: {
        maxAttempts: 100,
        maxRetryDurationSeconds: 25 * 3600,
        minimumBackoffSeconds: 60,
        maximumBackoffSeconds: 1800,
        maxDoublings: 5,
        maxConcurrentDispatches: 10,
      },
    },
    publishes: ["dead-letters"],
    settings: [...project, ...twitch],
  },
} as const satisfies FunctionRows;
