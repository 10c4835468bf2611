/**
 * Where a subscription stands; those that end one are what a revocation gives as its reason.
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

/** What the client asks for when it subscribes. */
export interface SubscriptionRequest {
  readonly type: string;
  readonly version: string;
  readonly broadcasterId: string;
  readonly callback: string;
  readonly secret: string;
}

/** A client's wish to be told of one kind of event of one broadcaster. */
export interface Subscription extends SubscriptionRequest {
  readonly id: string;
  readonly status: SubscriptionStatus;
  readonly createdAtMs: number;
}

/** What every subscription to a broadcaster who has not authorised the client costs. */
const COST = 1;

/** Whether it counts: it is enabled, or waits for its challenge. */
export function isActive({ status }: Subscription): boolean {
  return status === "enabled" || status === "webhook_callback_verification_pending";
}

export function costOf(subscription: Subscription): number {
  return isActive(subscription) ? COST : 0;
}

/** A subscription as Helix and the messages show it: without its secret. */
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

/** RFC 3339 with nine digits behind the second, as EventSub writes its times. */
export function toNanosecondsText(atMs: number): string {
  const wholeMs = Math.floor(atMs);
  const nanoseconds = Math.floor((atMs - wholeMs) * 1e6);
  const text = new Date(wholeMs).toISOString().slice(0, -1);
  return `${text}${String(nanoseconds).padStart(6, "0")}Z`;
}
