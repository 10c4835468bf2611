import type { QueuePolicy, RetryPolicy } from "./function-row.ts";

/* Groups of settings that a client, or a task that several functions share, needs. */

export const project = ["GOOGLE_CLOUD_PROJECT"] as const;
export const discord = [
  "DISCORD_APPLICATION_ID",
  "DISCORD_BOT_TOKEN",
  "DISCORD_API_BASE_URL",
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

export const stripe = ["STRIPE_SECRET_KEY", "STRIPE_API_BASE_URL"] as const;
/** For telling merch from what others sell on the same account. */
export const merch = [...stripe, "STRIPE_PAYMENT_LINKS"] as const;
export const fees = ["PLATFORM_FEE_BPS", "PLATFORM_MIN_FEE"] as const;
export const checkout = [...stripe, "PUBLIC_SITE_URL", ...fees] as const;
export const buying = [...checkout, "MIN_ACCOUNT_AGE_DAYS"] as const;

/**
 * An instance serves several requests at once; that takes a whole processor. New projects often get 20 of
 * them: however busy any four other functions are, `discord-interactions` still has its own. Terraform's
 * `vcpu_quota` changes all limits in proportion.
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

/** Outlasts a service that is down for three quarters of an hour. */
export const retried: RetryPolicy = {
  minimumBackoffSeconds: 5,
  maximumBackoffSeconds: 300,
  deadLetter: { topic: "dead-letters", maxDeliveryAttempts: 15 },
};

/** Work that is due at a time and is tried until it is done. */
export const patient: QueuePolicy = {
  maxAttempts: 20,
  maxRetryDurationSeconds: 24 * 3600,
  minimumBackoffSeconds: 5,
  maximumBackoffSeconds: 1800,
  maxDoublings: 8,
  maxConcurrentDispatches: 20,
};

/** For functions that need what every function has, and nothing of a feature. */
export const platformOnly = "shared/runtime/platform-only.ts";
