/** An EventSub subscription that there should be. */
export interface WantedSubscription {
  /** https://dev.twitch.tv/docs/eventsub/eventsub-subscription-types/ */
  readonly type: string;
  readonly version: string;
  readonly twitchUserId: string;
}

/** The same for every channel; none of them needs the broadcaster's permission. */
const WANTED_TYPES = [
  { type: "stream.online", version: "1" },
  { type: "stream.offline", version: "1" },
] as const;

/**
 * Every subscription that a builder's channel should have: registering asks for them, the sweeper
 * keeps them, and whoever looks after an installation compares with them.
 */
export function subscriptionsWantedFor(twitchUserId: string): WantedSubscription[] {
  return WANTED_TYPES.map((wanted) => ({ ...wanted, twitchUserId }));
}

/** It sends events, or will once Twitch has checked the callback. */
const ALIVE: readonly string[] = ["enabled", "webhook_callback_verification_pending"];
/** Ended by the broadcaster or by Twitch for good: asking again would only be refused, or unwanted. */
const FINAL: readonly string[] = ["authorization_revoked", "user_removed", "version_removed"];

/**
 * What a subscription's status means for us. A "mendable" one has ended and is to be deleted and
 * made again, and so is one of a status we do not know; a "final" one is left as it ended, and
 * people are told. https://dev.twitch.tv/docs/api/reference/#get-eventsub-subscriptions
 */
export function subscriptionStanding(status: string): "alive" | "mendable" | "final" {
  if (ALIVE.includes(status)) return "alive";
  return FINAL.includes(status) ? "final" : "mendable";
}
