import { randomUUID } from "node:crypto";
import type { LocalClock } from "../../kit/clock.ts";
import type { PersistentState } from "../../kit/persistent-state.ts";
import type { EventLog } from "../event-log.ts";
import { TwitchError } from "../twitch-error.ts";
import {
  costOf,
  isActive,
  type Subscription,
  type SubscriptionRequest,
  type SubscriptionStatus,
} from "./subscription.ts";

/** https://dev.twitch.tv/docs/eventsub/manage-subscriptions/#subscription-limits */
export const MAX_TOTAL_COST = 10_000;
const MAX_IDENTICAL = 3;

/** All webhook subscriptions; ended ones stay until they are deleted. */
export class Subscriptions {
  #clock: LocalClock;
  #log: EventLog;
  #maxTotalCost: number;
  #byId = new Map<string, Subscription>();

  constructor(clock: LocalClock, log: EventLog, maxTotalCost: number) {
    this.#clock = clock;
    this.#log = log;
    this.#maxTotalCost = maxTotalCost;
  }

  persistIn(state: PersistentState): void {
    state.maps("twitch.subscriptions", { subscriptions: this.#byId });
  }

  /**
   * Adds a subscription that waits for its challenge. Throws on a duplicate and beyond the limits.
   */
  add(request: SubscriptionRequest): Subscription {
    const identical = this.all().filter(
      (other) =>
        isActive(other) &&
        other.type === request.type &&
        other.broadcasterId === request.broadcasterId,
    );
    if (identical.some(({ callback }) => callback === request.callback)) {
      throw new TwitchError(409, "subscription already exists");
    }
    if (identical.length >= MAX_IDENTICAL) {
      throw new TwitchError(429, "too many subscriptions with the same type and condition");
    }
    if (this.cost.total >= this.cost.max) {
      throw new TwitchError(429, "the total cost of the subscriptions is exceeded");
    }
    const subscription: Subscription = {
      ...request,
      id: randomUUID(),
      status: "webhook_callback_verification_pending",
      createdAtMs: this.#clock.nowMs(),
    };
    this.#put(subscription);
    return subscription;
  }

  all(): Subscription[] {
    return [...this.#byId.values()];
  }

  get(id: string): Subscription | undefined {
    return this.#byId.get(id);
  }

  /** Returns the subscription with its new status; undefined when it was deleted. */
  setStatus(id: string, status: SubscriptionStatus): Subscription | undefined {
    const subscription = this.#byId.get(id);
    return subscription && this.#put({ ...subscription, status });
  }

  /** Removes a subscription. Returns false when it does not exist. */
  remove(id: string): boolean {
    const subscription = this.#byId.get(id);
    if (!subscription) return false;
    this.#byId.delete(id);
    this.#record(subscription, "deleted");
    return true;
  }

  get cost(): { total: number; max: number } {
    const total = this.all().reduce((sum, subscription) => sum + costOf(subscription), 0);
    return { total, max: this.#maxTotalCost };
  }

  #put(subscription: Subscription): Subscription {
    this.#byId.set(subscription.id, subscription);
    this.#record(subscription, subscription.status);
    return subscription;
  }

  #record({ id, type }: Subscription, status: SubscriptionStatus | "deleted"): void {
    this.#log.add({ kind: "subscription", subscriptionId: id, type, status });
  }
}
