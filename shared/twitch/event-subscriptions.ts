/** An EventSub subscription that should exist. */
export interface WantedSubscription {
  /** https://dev.twitch.tv/docs/eventsub/eventsub-subscription-types/ */
  readonly type: string;
  readonly version: string;
  readonly twitchUserId: string;
}

/** The types for every channel; none of them needs the broadcaster's permission. */
const WANTED_TYPES = [
  { type: "stream.online", version: "1" },
  { type: "stream.offline", version: "1" },
] as const;

/**
 * Every subscription that a builder's channel should have: registering requests them, the sweeper maintains them, and
 * `./dev doctor` compares with them.
 */
export function subscriptionsWantedFor(twitchUserId: string): WantedSubscription[] {
  return WANTED_TYPES.map((wanted) => ({ ...wanted, twitchUserId }));
}

/** Statuses of subscriptions that send events, or will once Twitch has verified the callback. */
const ALIVE: readonly string[] = ["enabled", "webhook_callback_verification_pending"];
/**
 * Statuses of subscriptions that the broadcaster or Twitch ended for good: another request would be refused or
 * unwanted.
 */
const FINAL: readonly string[] = ["authorization_revoked", "user_removed", "version_removed"];

/**
 * What a subscription's status means for us. A "renewable" one has ended, or has an unknown status, and has to be
 * deleted and created again. A "final" one stays as it is, and the operators are notified.
 * https://dev.twitch.tv/docs/api/reference/#get-eventsub-subscriptions
 */
export function subscriptionStanding(status: string): "alive" | "renewable" | "final" {
  if (ALIVE.includes(status)) return "alive";
  return FINAL.includes(status) ? "final" : "renewable";
}
