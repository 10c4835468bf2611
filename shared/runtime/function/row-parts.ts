import type { QueuePolicy, RetryPolicy } from "./function-row.ts";

/* Groups of settings that a client, or work shared by several functions, needs. */

export const project = ["GOOGLE_CLOUD_PROJECT"] as const;
export const discord = [
  "DISCORD_APPLICATION_ID",
  "DISCORD_BOT_TOKEN",
  "DISCORD_API_BASE_URL",
] as const;
/** For learning who someone in a browser is. */
export const discordSignIn = [
  "DISCORD_APPLICATION_ID",
  "DISCORD_CLIENT_SECRET",
  "DISCORD_API_BASE_URL",
  "PUBLIC_SITE_URL",
] as const;
export const twitch = [
  "TWITCH_CLIENT_ID",
  "TWITCH_CLIENT_SECRET",
  "TWITCH_API_BASE_URL",
  "TWITCH_AUTH_BASE_URL",
] as const;
export const redis = ["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"] as const;
export const tasks = [
  "GOOGLE_CLOUD_REGION",
  "FUNCTION_URL_TEMPLATE",
  "TASKS_SERVICE_ACCOUNT",
  "CLOUD_TASKS_EMULATOR_HOST",
] as const;
export const announcements = [
  "DISCORD_GENERAL_CHANNEL_ID",
  "DISCORD_MARKETPLACE_CHANNEL_ID",
  "DISCORD_DROP_ROLE_ID",
] as const;

/** For reading what buyers entered at Stripe, and their receipts. */
export const stripeReading = ["STRIPE_READ_KEY", "STRIPE_API_BASE_URL"] as const;
export const stripe = ["STRIPE_SECRET_KEY", "STRIPE_API_BASE_URL"] as const;
/** For distinguishing merch from other sales on the same account. */
export const merch = [...stripe, "STRIPE_PAYMENT_LINKS"] as const;
export const fees = ["PLATFORM_FEE_BPS", "PLATFORM_MIN_FEE"] as const;
export const checkout = [...stripe, "PUBLIC_SITE_URL", "TAX", ...fees] as const;
export const buying = [...checkout, "MIN_ACCOUNT_AGE_DAYS"] as const;

/**
 * The size of most functions. An instance that serves several requests at once needs a whole processor. New projects
 * often get 20: even if any four other functions are busy, `discord-interactions` still has its own. Terraform's
 * `vcpu_quota` scales all limits in proportion.
 */
export const small = {
  memoryMiB: 512,
  cpu: 1,
  concurrency: 20,
  minInstances: 0,
  maxInstances: 3,
  timeoutSeconds: 60,
  enqueues: [],
  publishDeadlineMs: 10_000,
} as const;

/** Retries long enough to outlast a service that is down for 45 minutes. */
export const retried: RetryPolicy = {
  minimumBackoffSeconds: 5,
  maximumBackoffSeconds: 300,
  deadLetter: { topic: "dead-letters", maxDeliveryAttempts: 15 },
};

/** For work that is due at a given time and is retried until it is done. */
export const patient: QueuePolicy = {
  maxAttempts: 20,
  maxRetryDurationSeconds: 24 * 3600,
  minimumBackoffSeconds: 5,
  maximumBackoffSeconds: 1800,
  maxDoublings: 8,
  maxConcurrentDispatches: 20,
};

/** For functions that need what every function has, and nothing of a feature. */
export const platformOnly = "shared/runtime/function/platform-only.ts";
