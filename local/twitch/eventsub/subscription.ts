/**
 * A subscription's status; the statuses that end one are also the reasons of revocations.
 * https://dev.twitch.tv/docs/api/reference/#get-eventsub-subscriptions
 */
export const SUBSCRIPTION_STATUSES = [
  "enabled",
  "webhook_callback_verification_pending",
  "webhook_callback_verification_failed",
  "notification_failures_exceeded",
  "authorization_revoked",
  "moderator_removed",
  "user_removed",
  "chat_user_banned",
  "version_removed",
  "beta_maintenance",
] as const;

export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];

/** What a client requests when it subscribes. */
export interface SubscriptionRequest {
  readonly type: string;
  readonly version: string;
  readonly broadcasterId: string;
  readonly callback: string;
  readonly secret: string;
}

/** A client's subscription to one type of event of one broadcaster. */
export interface Subscription extends SubscriptionRequest {
  readonly id: string;
  readonly status: SubscriptionStatus;
  readonly createdAtMs: number;
}

/** The cost of a subscription whose broadcaster has not authorised the client. */
const COST = 1;

/** Whether it counts towards the limits: it is enabled or waiting for its challenge. */
export function isActive({ status }: Subscription): boolean {
  return status === "enabled" || status === "webhook_callback_verification_pending";
}

export function costOf(subscription: Subscription): number {
  return isActive(subscription) ? COST : 0;
}

/** A subscription as Helix and EventSub messages show it, without its secret. */
export function subscriptionJson(subscription: Subscription) {
  return {
    id: subscription.id,
    status: subscription.status,
    type: subscription.type,
    version: subscription.version,
    condition: { broadcaster_user_id: subscription.broadcasterId },
    transport: { method: "webhook", callback: subscription.callback },
    created_at: toNanosecondsText(subscription.createdAtMs),
    cost: costOf(subscription),
  };
}

/** RFC 3339 with nine fractional digits, EventSub's format of times. */
export function toNanosecondsText(atMs: number): string {
  const wholeMs = Math.floor(atMs);
  const nanoseconds = Math.floor((atMs - wholeMs) * 1e6);
  const text = new Date(wholeMs).toISOString().slice(0, -1);
  return `${text}${String(nanoseconds).padStart(6, "0")}Z`;
}
