import type { Activity } from "../../kit/activity.ts";
import type { LocalClock } from "../../kit/clock.ts";
import { type Due, saysOf } from "../../kit/due.ts";
import type { Fault, FaultPlan } from "../../kit/faults.ts";
import { authorizationOf } from "../../kit/google/identity-token.ts";
import { toMs } from "../../kit/google/protobuf-time.ts";
import type { HttpSender } from "../../kit/http/sender.ts";
import { Postponer } from "../../kit/postponer.ts";
import { Timers } from "../../kit/timers.ts";
import { PUSH_HEADERS, pushBody } from "./envelope.ts";
import { idOf } from "./rules.ts";
import type { StoredMessage, WireSubscription } from "./wire.ts";

/** What `DeliveryQueue` needs from the broker. */
export interface QueueContext {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  readonly sender: HttpSender;
  readonly activity: Activity;
  /**
   * Takes a message after its last delivery attempt. Returns false when it cannot (no such topic).
   */
  readonly deadLetter: (
    subscription: WireSubscription,
    message: StoredMessage,
    attempts: number,
  ) => boolean;
}

interface Delivery {
  readonly message: StoredMessage;
  attempts: number;
  /** A fault has delayed it once; no other fault applies to it. */
  postponed: boolean;
  /** What is going on with it, for inspection. */
  state: DeliveryState;
  /** The time of the next attempt, while it waits for one. */
  nextAtMs?: number;
}

/** Ready for its first attempt, being pushed, or waiting for the next attempt. */
type DeliveryState = "ready" | "delivering" | "waiting";

/** An unacknowledged message of a subscription. */
export interface Unacknowledged {
  readonly message: StoredMessage;
  readonly attempts: number;
  readonly state: DeliveryState;
  /** The time of the next attempt, while it waits for one. */
  readonly nextAtMs: number | undefined;
}

/** Limits the open sockets during a burst. */
const MAX_IN_FLIGHT = 50;

/**
 * Without a retry policy Pub/Sub redelivers immediately, except for the back-off of pushes:
 * https://cloud.google.com/pubsub/docs/push#push_backoff
 */
const PUSH_BACKOFF_MS = { least: 100, most: 60_000 };

// https://cloud.google.com/pubsub/docs/push#receive_push
const ACKNOWLEDGING_STATUSES = [102, 200, 201, 202, 204];

/**
 * The pending messages of one push subscription. It delivers at least once, retries after a
 * back-off, and delivers messages with the same ordering key one at a time. Without an endpoint it
 * only stores them.
 */
export class DeliveryQueue {
  #subscription: WireSubscription;
  #context: QueueContext;
  #ready: Delivery[] = [];
  #inFlight = 0;
  /** Unacknowledged messages per ordering key, the next one first. */
  #lanes = new Map<string, Delivery[]>();
  #timers: Timers;
  #postponer: Postponer;
  #stopped = false;
  /** All unacknowledged messages, oldest first. */
  #outstanding = new Set<Delivery>();

  constructor(subscription: WireSubscription, context: QueueContext) {
    this.#subscription = subscription;
    this.#context = context;
    this.#timers = new Timers(context.clock);
    this.#postponer = new Postponer(this.#timers);
  }

  get subscription(): WireSubscription {
    return this.#subscription;
  }

  /** Changes the endpoint or the topic's name; waiting messages use the new values. */
  update(changes: Partial<Pick<WireSubscription, "pushConfig" | "topic">>): void {
    const wasPushing = this.#endpoint !== "";
    this.#subscription = { ...this.#subscription, ...changes };
    const pushes = this.#endpoint !== "";
    for (const _ of this.#ready) {
      if (pushes && !wasPushing) this.#context.activity.begin();
      if (!pushes && wasPushing) this.#context.activity.end();
    }
    this.#pump();
  }

  /** Unacknowledged messages with their number of attempts. */
  outstanding(): { message: StoredMessage; attempts: number }[] {
    return [...this.#outstanding].map(({ message, attempts }) => ({ message, attempts }));
  }

  /** Unacknowledged messages with what is going on with each, oldest first. */
  unacknowledged(): Unacknowledged[] {
    return [...this.#outstanding].map(({ message, attempts, state, nextAtMs }) => ({
      message,
      attempts,
      state,
      nextAtMs: state === "waiting" ? nextAtMs : undefined,
    }));
  }

  add(message: StoredMessage, attempts = 0): void {
    const delivery: Delivery = { message, attempts, postponed: false, state: "ready" };
    this.#outstanding.add(delivery);
    if (this.#isOrdered(message)) {
      const lane = this.#lanes.get(message.orderingKey);
      if (lane) {
        lane.push(delivery);
        return;
      }
      this.#lanes.set(message.orderingKey, [delivery]);
    }
    this.#makeReady(delivery);
  }

  /** Discards all messages; deliveries in flight have no effect. */
  stop(): void {
    this.#stopped = true;
    this.#timers.stop();
    if (this.#endpoint !== "") for (const _ of this.#ready) this.#context.activity.end();
    this.#ready = [];
  }

  get #endpoint(): string {
    return this.#subscription.pushConfig?.pushEndpoint ?? "";
  }

  #isOrdered({ orderingKey }: StoredMessage): boolean {
    return this.#subscription.enableMessageOrdering && orderingKey !== "";
  }

  #makeReady(delivery: Delivery): void {
    if (this.#stopped) return;
    delivery.state = "ready";
    this.#ready.push(delivery);
    if (this.#endpoint !== "") this.#context.activity.begin();
    this.#pump();
  }

  #pump(): void {
    while (this.#endpoint !== "" && this.#inFlight < MAX_IN_FLIGHT) {
      const delivery = this.#ready.shift();
      if (!delivery) return;
      this.#inFlight += 1;
      void this.#attempt(delivery).finally(() => {
        this.#inFlight -= 1;
        this.#pump();
        this.#context.activity.end();
      });
    }
  }

  async #attempt(delivery: Delivery): Promise<void> {
    if (this.#isExpired(delivery)) return this.#finish(delivery);
    const operation = `deliver ${idOf(this.#subscription.name)}`;
    const fault = delivery.postponed ? undefined : this.#context.faults.next("pubsub", operation);
    delivery.postponed = false;
    const resume = () => {
      delivery.postponed = true;
      this.#makeReady(delivery);
    };
    if (this.#postponer.postpone(fault, resume, this.#described(delivery))) return;
    delivery.attempts += 1;
    delivery.state = "delivering";
    const acknowledged = await this.#push(delivery, fault);
    if (this.#stopped) return;
    if (acknowledged) this.#finish(delivery);
    else this.#retry(delivery);
    this.#postponer.overtake();
  }

  async #push({ message, attempts }: Delivery, fault: Fault | undefined): Promise<boolean> {
    const { name, deadLetterPolicy, ackDeadlineSeconds } = this.#subscription;
    const push = {
      url: this.#endpoint,
      method: "POST",
      headers: { ...PUSH_HEADERS, ...this.#authorization() },
      body: pushBody(name, message, deadLetterPolicy ? attempts : undefined),
      deadlineMs: ackDeadlineSeconds * 1000,
    };
    const outcome = await this.#context.sender.sendWithFault(push, fault);
    return outcome.kind === "answered" && ACKNOWLEDGING_STATUSES.includes(outcome.status);
  }

  /** https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions */
  #authorization(): { authorization?: string } {
    const { pushConfig } = this.#subscription;
    const email = pushConfig?.oidcToken?.serviceAccountEmail;
    if (!email) return {};
    const audience = pushConfig.oidcToken.audience || pushConfig.pushEndpoint;
    return { authorization: authorizationOf({ email, audience }, this.#context.clock) };
  }

  #retry(delivery: Delivery): void {
    const { message, attempts } = delivery;
    const policy = this.#subscription.deadLetterPolicy;
    if (policy && attempts >= policy.maxDeliveryAttempts) {
      if (this.#context.deadLetter(this.#subscription, message, attempts)) {
        this.#finish(delivery);
        return;
      }
    }
    const resume = () => this.#makeReady(delivery);
    delivery.state = "waiting";
    delivery.nextAtMs = this.#context.clock.nowMs() + this.#backoffMs(attempts);
    this.#timers.after(this.#backoffMs(attempts), resume, this.#described(delivery));
  }

  #described({ message, attempts }: Delivery): () => Due {
    return () => ({
      service: "Pub/Sub",
      what: `delivers to ${idOf(this.#subscription.name)}${attempts > 0 ? " again" : ""}`,
      about: [
        `message ${message.messageId}`,
        ...(attempts > 0 ? [`attempt ${attempts + 1}`] : []),
        saysOf(message.data),
      ].join(", "),
    });
  }

  #backoffMs(attempts: number): number {
    const { retryPolicy } = this.#subscription;
    const minimumMs = toMs(retryPolicy?.minimumBackoff) ?? PUSH_BACKOFF_MS.least;
    const maximumMs = toMs(retryPolicy?.maximumBackoff) ?? PUSH_BACKOFF_MS.most;
    return Math.min(maximumMs, minimumMs * 2 ** (attempts - 1));
  }

  #isExpired({ message }: Delivery): boolean {
    const retentionMs = toMs(this.#subscription.messageRetentionDuration) ?? 0;
    return this.#context.clock.nowMs() - message.publishedAtMs >= retentionMs;
  }

  /** The message is finished; the next one with its ordering key may be delivered. */
  #finish(delivery: Delivery): void {
    const { message } = delivery;
    this.#outstanding.delete(delivery);
    if (!this.#isOrdered(message)) return;
    const lane = this.#lanes.get(message.orderingKey);
    lane?.shift();
    const next = lane?.[0];
    if (next) this.#makeReady(next);
    else this.#lanes.delete(message.orderingKey);
  }
}
