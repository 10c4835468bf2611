import type { FunctionRow, QueuePolicy, RetryPolicy } from "./function-row.ts";

const project = ["GOOGLE_CLOUD_PROJECT"] as const;
const discord = ["DISCORD_APPLICATION_ID", "DISCORD_BOT_TOKEN", "DISCORD_API_BASE_URL"] as const;
const twitch = [
  "TWITCH_CLIENT_ID",
  "TWITCH_CLIENT_SECRET",
  "TWITCH_API_BASE_URL",
  "TWITCH_AUTH_BASE_URL",
] as const;
const redis = ["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"] as const;
const tasks = [
  "GOOGLE_CLOUD_REGION",
  "FUNCTION_URL_TEMPLATE",
  "TASKS_SERVICE_ACCOUNT",
  "CLOUD_TASKS_EMULATOR_HOST",
] as const;
const announcements = [
  "DISCORD_GENERAL_CHANNEL_ID",
  "DISCORD_MARKETPLACE_CHANNEL_ID",
  "DISCORD_DROP_ROLE_ID",
] as const;

const auctionQueues = ["auction-board", "hammer-drop", "auction-settlement"] as const;

const stripe = ["STRIPE_SECRET_KEY", "STRIPE_API_BASE_URL"] as const;
/** For telling merch from what others sell on the same account. */
const merch = [...stripe, "STRIPE_PAYMENT_LINKS"] as const;
const fees = ["PLATFORM_FEE_BPS", "PLATFORM_MIN_FEE"] as const;
const checkout = [...stripe, "PUBLIC_SITE_URL", ...fees] as const;
const buying = [...checkout, "MIN_ACCOUNT_AGE_DAYS"] as const;

/**
 * An instance serves several requests at once; that takes a whole processor. New projects often get 20 of
 * them: however busy any four other functions are, `discord-interactions` still has its own. Terraform's
 * `vcpu_quota` changes all limits in proportion.
 */
const small = {
  memoryMiB: 512,
  cpu: 1,
  concurrency: 20,
  minInstances: 0,
  maxInstances: 3,
  timeoutSeconds: 60,
  enqueues: [],
  publishDeadlineMs: 10_000,
} as const;

/** Outlasts a service that is down for three quarters of an hour. */
const retried: RetryPolicy = {
  minimumBackoffSeconds: 5,
  maximumBackoffSeconds: 300,
  deadLetter: { topic: "dead-letters", maxDeliveryAttempts: 15 },
};

/** Work that is due at a time and is tried until it is done. */
const patient: QueuePolicy = {
  maxAttempts: 20,
  maxRetryDurationSeconds: 24 * 3600,
  minimumBackoffSeconds: 5,
  maximumBackoffSeconds: 1800,
  maxDoublings: 8,
  maxConcurrentDispatches: 20,
};

/**
 * Every function there is. `local/` wires itself from this list, and so does the real cloud:
 * nothing about a function is written down twice.
 */
export const manifest = {
  "discord-interactions": {
    ...small,
    trigger: { kind: "http", isPublic: true },
    // Above what bidding takes on: what is more comes to an instance that answers it in words, in time, and does
    // not wait in Cloud Run's own queue. New instances start when processors are busy.
    concurrency: 300,
    minInstances: 1,
    maxInstances: 8,
    timeoutSeconds: 10,
    publishes: ["discord-commands"],
    enqueues: ["auction-board"],
    publishDeadlineMs: 1_500,
    settings: [
      ...project,
      ...tasks,
      ...redis,
      "DISCORD_PUBLIC_KEY",
      "DISCORD_GUILD_ID",
      "MIN_ACCOUNT_AGE_DAYS",
      "SHOP_CURRENCY",
    ],
  },
  "stripe-webhook": {
    ...small,
    trigger: { kind: "http", isPublic: true },
    timeoutSeconds: 10,
    publishes: ["stripe-events"],
    publishDeadlineMs: 5_000,
    settings: [...project, "STRIPE_WEBHOOK_SECRETS", "STRIPE_LIVEMODE"],
  },
  web: {
    ...small,
    trigger: { kind: "http", isPublic: true },
    timeoutSeconds: 10,
    publishes: [],
    settings: [
      ...project,
      ...(["PUBLIC_SITE_URL", "DISCORD_GUILD_ID", "SHOP_CURRENCY", "SHARE_HOLD_DAYS"] as const),
    ],
  },
  "twitch-sign-in": {
    ...small,
    trigger: { kind: "http", isPublic: true },
    // Twitch is asked for the token, whose it is, and to end it.
    timeoutSeconds: 30,
    publishes: [],
    settings: [...project, ...twitch, "PUBLIC_SITE_URL"],
  },
  "shop-webhook": {
    ...small,
    trigger: { kind: "http", isPublic: true },
    timeoutSeconds: 10,
    // Shopify's largest orders have some hundred lines of a kilobyte or two.
    maxBodyBytes: 2_000_000,
    publishes: ["sales", "sale-refunds", "dead-letters"],
    publishDeadlineMs: 3_000,
    settings: [...project, "KOFI_VERIFICATION_TOKEN", "KOFI_SALE_TYPES", "SHOPIFY_WEBHOOK_SECRET"],
  },
  "twitch-webhook": {
    ...small,
    trigger: { kind: "http", isPublic: true },
    timeoutSeconds: 10,
    publishes: ["twitch-events"],
    publishDeadlineMs: 3_000,
    settings: [...project, "TWITCH_EVENTSUB_SECRET"],
  },
  "internal-api": {
    ...small,
    trigger: { kind: "http", isPublic: false },
    publishes: ["order-releases"],
    enqueues: ["auction-settlement", "drop-board", "reservation-end"],
    settings: [
      ...project,
      ...discord,
      ...twitch,
      ...announcements,
      ...tasks,
      ...redis,
      ...buying,
      "DISCORD_ORDERS_CHANNEL_ID",
    ],
  },
  "go-live": {
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
    ...small,
    trigger: { kind: "topic", topic: "order-verifications", retry: retried },
    publishes: ["order-releases", "dead-letters"],
    settings: [...project, ...discord, "DISCORD_ORDERS_CHANNEL_ID"],
  },
  announcement: {
    ...small,
    trigger: { kind: "topic", topic: "announcements", retry: retried },
    publishes: ["dead-letters"],
    settings: [...project, ...discord, ...redis, ...announcements],
  },
  "stream-status": {
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
  shop: {
    ...small,
    trigger: {
      kind: "topic",
      topic: "discord-commands",
      filter: { handler: "shop" },
      retry: retried,
    },
    publishes: ["notices", "order-releases", "dead-letters"],
    enqueues: [
      "auction-board",
      "auction-settlement",
      "drop-board",
      "forget-person",
      "reservation-end",
    ],
    settings: [
      "REFUND_ADVANCE_LIMIT",
      ...project,
      ...discord,
      ...twitch,
      ...tasks,
      ...redis,
      ...buying,
      "BUILDER_APPROVAL",
      "FORGOTTEN_KEY",
      "PAYOUT_THRESHOLD",
      "SHOP_CURRENCY",
      "TWITCH_EVENTSUB_SECRET",
      "DISCORD_MARKETPLACE_CHANNEL_ID",
      "DISCORD_OPERATORS_CHANNEL_ID",
      "FUNCTIONS_BASE_URL",
    ],
  },
  "auction-desk": {
    ...small,
    trigger: {
      kind: "topic",
      topic: "discord-commands",
      filter: { handler: "auction-desk" },
      retry: retried,
    },
    publishes: ["order-releases", "notices", "dead-letters"],
    enqueues: [...auctionQueues, "drop-board", "reservation-end", "held-payment"],
    settings: [
      "REFUND_ADVANCE_LIMIT",
      ...project,
      ...discord,
      ...tasks,
      ...redis,
      ...checkout,
      "SHOP_CURRENCY",
      "DISCORD_OPERATORS_CHANNEL_ID",
    ],
  },
  "auction-board": {
    ...small,
    trigger: { kind: "queue", retry: { ...patient, minimumBackoffSeconds: 1 } },
    publishes: ["dead-letters"],
    enqueues: ["auction-board", "hammer-drop"],
    settings: [...project, ...discord, ...tasks, ...redis, "PUBLIC_SITE_URL"],
  },
  "hammer-drop": {
    ...small,
    trigger: { kind: "queue", retry: { ...patient, minimumBackoffSeconds: 1 } },
    publishes: ["dead-letters"],
    enqueues: [...auctionQueues],
    settings: [...project, ...tasks, ...redis],
  },
  "auction-settlement": {
    ...small,
    trigger: { kind: "queue", retry: patient },
    publishes: ["dead-letters"],
    enqueues: ["auction-board", "auction-settlement", "reservation-end"],
    settings: [...project, ...discord, ...tasks, ...redis, ...checkout],
  },
  "drop-board": {
    ...small,
    trigger: { kind: "queue", retry: { ...patient, minimumBackoffSeconds: 1 } },
    publishes: ["dead-letters"],
    settings: [...project, ...discord, ...redis],
  },
  "reservation-end": {
    ...small,
    trigger: { kind: "queue", retry: patient },
    publishes: ["order-releases", "notices", "dead-letters"],
    enqueues: ["auction-settlement", "drop-board", "held-payment"],
    settings: [
      "REFUND_ADVANCE_LIMIT",
      ...project,
      ...discord,
      ...tasks,
      ...redis,
      ...stripe,
      "DISCORD_OPERATORS_CHANNEL_ID",
    ],
  },
  "order-payment": {
    ...small,
    trigger: {
      kind: "topic",
      topic: "stripe-events",
      filter: { type: { startsWith: "checkout.session." } },
      retry: retried,
    },
    publishes: ["order-releases", "notices", "sales", "dead-letters"],
    enqueues: ["auction-settlement", "drop-board", "held-payment"],
    settings: [
      "REFUND_ADVANCE_LIMIT",
      ...project,
      ...discord,
      ...tasks,
      ...redis,
      ...merch,
      "DISCORD_OPERATORS_CHANNEL_ID",
    ],
  },
  "charge-booked": {
    ...small,
    trigger: {
      kind: "topic",
      topic: "stripe-events",
      filter: { type: "charge.updated" },
      retry: retried,
    },
    publishes: ["order-releases", "dead-letters"],
    settings: [...project, ...stripe],
  },
  notice: {
    ...small,
    // No dead letters: while Discord is down, all wait, for as long as the topic keeps them.
    trigger: {
      kind: "topic",
      topic: "notices",
      retry: { minimumBackoffSeconds: 5, maximumBackoffSeconds: 300 },
    },
    publishes: ["dead-letters"],
    settings: [...project, ...discord, "DISCORD_OPERATORS_CHANNEL_ID"],
  },
  refund: {
    ...small,
    trigger: {
      kind: "topic",
      topic: "stripe-events",
      filter: { type: { startsWith: "refund." } },
      retry: retried,
    },
    publishes: ["order-releases", "notices", "sale-refunds", "dead-letters"],
    enqueues: ["auction-settlement", "drop-board", "held-payment"],
    settings: [
      "REFUND_ADVANCE_LIMIT",
      ...project,
      ...discord,
      ...tasks,
      ...redis,
      ...merch,
      "DISCORD_OPERATORS_CHANNEL_ID",
    ],
  },
  dispute: {
    ...small,
    trigger: {
      kind: "topic",
      topic: "stripe-events",
      filter: { type: { startsWith: "charge.dispute." } },
      retry: retried,
    },
    publishes: ["notices", "sale-refunds", "order-releases", "dead-letters"],
    enqueues: ["auction-settlement", "drop-board", "held-payment"],
    settings: [
      "DISPUTE_FEE_PAID_BY",
      "REFUND_ADVANCE_LIMIT",
      ...project,
      ...discord,
      ...tasks,
      ...redis,
      ...merch,
      "DISCORD_OPERATORS_CHANNEL_ID",
    ],
  },
  "seller-account": {
    ...small,
    trigger: {
      kind: "topic",
      topic: "stripe-events",
      filter: { type: { startsWith: "account." } },
      retry: retried,
    },
    publishes: ["order-releases", "dead-letters"],
    settings: [...project, ...discord, ...stripe],
  },
  "order-release": {
    ...small,
    trigger: { kind: "topic", topic: "order-releases", retry: retried },
    publishes: ["notices", "dead-letters"],
    settings: [...project, ...discord, ...stripe, "DISCORD_OPERATORS_CHANNEL_ID"],
  },
  "held-payment": {
    ...small,
    trigger: { kind: "queue", retry: patient },
    publishes: ["order-releases", "notices", "dead-letters"],
    enqueues: ["drop-board"],
    settings: [
      "REFUND_ADVANCE_LIMIT",
      ...project,
      ...discord,
      ...tasks,
      ...redis,
      ...stripe,
      "DISCORD_OPERATORS_CHANNEL_ID",
    ],
  },
  commission: {
    ...small,
    trigger: { kind: "topic", topic: "sales", retry: retried },
    publishes: ["dead-letters"],
    enqueues: ["race-board"],
    settings: [...project, ...tasks, "SHARE_HOLD_DAYS"],
  },
  clawback: {
    ...small,
    trigger: { kind: "topic", topic: "sale-refunds", retry: retried },
    publishes: ["dead-letters"],
    enqueues: ["race-board", "race-notice"],
    settings: [...project, ...tasks],
  },
  "race-control": {
    ...small,
    trigger: {
      kind: "topic",
      topic: "discord-commands",
      filter: { handler: "race-control" },
      retry: retried,
    },
    publishes: ["notices", "dead-letters"],
    enqueues: ["race-board", "window-close"],
    settings: [
      ...[...project, ...discord, ...tasks, "DISCORD_OPERATORS_CHANNEL_ID", "PUBLIC_SITE_URL"],
      "FORGOTTEN_KEY",
      ...(["RACE_RATE_BPS", "SHOP_CURRENCY", "SHOP_URL"] as const),
    ],
  },
  "race-board": {
    ...small,
    trigger: { kind: "queue", retry: { ...patient, minimumBackoffSeconds: 1 } },
    publishes: ["dead-letters"],
    enqueues: ["race-notice"],
    settings: [
      ...[...project, ...discord, ...tasks, ...redis],
      ...(["PUBLIC_SITE_URL", "SHARE_HOLD_DAYS"] as const),
    ],
  },
  "race-notice": {
    ...small,
    trigger: { kind: "queue", retry: patient },
    publishes: ["dead-letters"],
    enqueues: ["race-notice"],
    settings: [...project, ...discord, ...tasks, "PAYOUT_THRESHOLD"],
  },
  "window-close": {
    ...small,
    trigger: { kind: "queue", retry: { ...patient, minimumBackoffSeconds: 1 } },
    publishes: ["dead-letters"],
    enqueues: ["race-board", "window-close"],
    settings: [...project, ...discord, ...tasks, "PUBLIC_SITE_URL"],
  },
  wallet: {
    ...small,
    trigger: {
      kind: "topic",
      topic: "discord-commands",
      filter: { handler: "wallet" },
      retry: retried,
    },
    publishes: ["dead-letters"],
    settings: [
      ...project,
      ...discord,
      ...stripe,
      "DISCORD_OPERATORS_CHANNEL_ID",
      "FORGOTTEN_KEY",
      "PAYOUT_THRESHOLD",
      "PUBLIC_SITE_URL",
      "SHOP_CURRENCY",
      "TAX_YEARLY_LIMIT",
    ],
  },
  "forget-person": {
    ...small,
    trigger: { kind: "queue", retry: patient },
    timeoutSeconds: 300,
    publishes: ["dead-letters"],
    enqueues: ["drop-board", "forget-person"],
    settings: [
      ...project,
      ...discord,
      ...twitch,
      ...tasks,
      ...redis,
      "FORGOTTEN_KEY",
      "PAYOUT_THRESHOLD",
      "FUNCTIONS_BASE_URL",
    ],
  },
  sweeper: {
    ...small,
    trigger: { kind: "schedule", everyMinutes: 15 },
    timeoutSeconds: 300,
    publishes: ["order-releases", "notices", "sales", "sale-refunds"],
    enqueues: [
      ...auctionQueues,
      ...([
        "drop-board",
        "forget-person",
        "held-payment",
        "race-board",
        "reservation-end",
      ] as const),
    ],
    settings: [
      "DISPUTE_FEE_PAID_BY",
      "REFUND_ADVANCE_LIMIT",
      ...project,
      ...discord,
      ...twitch,
      ...tasks,
      ...redis,
      ...checkout,
      "STRIPE_PAYMENT_LINKS",
      "TWITCH_EVENTSUB_SECRET",
      "DISCORD_OPERATORS_CHANNEL_ID",
      "FUNCTIONS_BASE_URL",
    ],
  },
  "dead-letter": {
    ...small,
    trigger: {
      kind: "topic",
      topic: "dead-letters",
      retry: { minimumBackoffSeconds: 10, maximumBackoffSeconds: 600 },
    },
    publishes: ["dead-letters"],
    settings: [...project, ...discord, "DISCORD_OPERATORS_CHANNEL_ID"],
  },
} as const satisfies Record<string, FunctionRow>;

export type FunctionName = keyof typeof manifest;

/** The names of all functions. */
export const functionNames = Object.keys(manifest) as FunctionName[];
