import type { LocalClock } from "../kit/clock.ts";
import type { PersistentState } from "../kit/persistent-state.ts";
import type { SubscriptionStatus } from "./eventsub/subscription.ts";

/** An event's data. */
export type TwitchEventData =
  | {
      readonly kind: "request";
      readonly method: string;
      readonly path: string;
      /** The response's status; undefined when the connection broke first. */
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
      /** 0 for the first attempt. */
      readonly retry: number;
      /** The status of the response, or why there was none. */
      readonly result: number | "deadline" | "connection";
    };

/** An event and its time by the local clock. */
export type TwitchEvent = { readonly atMs: number } & TwitchEventData;

const MAX_EVENTS = 10_000;

/** The latest events, for a timeline. */
export class EventLog {
  #clock: LocalClock;
  #events: TwitchEvent[] = [];
  #revision = 0;

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  persistIn(state: PersistentState): void {
    state.list("twitch.events", this.#events);
  }

  add(data: TwitchEventData): void {
    this.#events.push({ atMs: this.#clock.nowMs(), ...data });
    if (this.#events.length > MAX_EVENTS) this.#events.shift();
    this.touch();
  }

  /** Notes a change that is no event. */
  touch(): void {
    this.#revision += 1;
  }

  /** A number that every event and every other change increases. */
  get revision(): number {
    return this.#revision;
  }

  /** All stored events, oldest first. */
  all(): TwitchEvent[] {
    return [...this.#events];
  }
}
