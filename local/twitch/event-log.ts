import type { LocalClock } from "../kit/clock.ts";
import type { KeptState } from "../kit/kept-state.ts";
import type { SubscriptionStatus } from "./eventsub/subscription.ts";

/** Something that happened on Twitch. */
export type TwitchHappening =
  | {
      readonly kind: "request";
      readonly method: string;
      readonly path: string;
      /** What it was answered with; undefined when the connection broke first. */
      readonly status: number | undefined;
    }
  | {
      readonly kind: "stream-started" | "stream-ended";
      readonly login: string;
      readonly streamId: string;
    }
  | { readonly kind: "channel-updated"; readonly login: string }
  | {
      readonly kind: "video-published";
      readonly login: string;
      readonly streamId: string;
      readonly url: string;
    }
  | {
      readonly kind: "subscription";
      readonly subscriptionId: string;
      readonly type: string;
      readonly status: SubscriptionStatus | "deleted";
    }
  | {
      readonly kind: "message";
      readonly messageId: string;
      readonly messageType: string;
      readonly subscriptionType: string;
      /** 0 the first time. */
      readonly retry: number;
      /** The status it was answered with, or why there was no answer. */
      readonly result: number | "deadline" | "connection";
    };

/** What happened, and when by the local clock. */
export type TwitchEvent = { readonly atMs: number } & TwitchHappening;

const MAX_EVENTS = 10_000;

/** The latest of what happened, for a timeline. */
export class EventLog {
  #clock: LocalClock;
  #events: TwitchEvent[] = [];

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  keepIn(state: KeptState): void {
    state.list("twitch.events", this.#events);
  }

  add(happening: TwitchHappening): void {
    this.#events.push({ atMs: this.#clock.nowMs(), ...happening });
    if (this.#events.length > MAX_EVENTS) this.#events.shift();
  }

  /** Oldest first. */
  all(): TwitchEvent[] {
    return [...this.#events];
  }
}
