import { randomBytes } from "node:crypto";
import type { LocalClock } from "../../kit/clock.ts";
import type { DeliveryOutcome } from "../../kit/http/sender.ts";
import type { PersistentState } from "../../kit/persistent-state.ts";
import { TwitchError } from "../twitch-error.ts";
import { type Courier, isSuccess, resultOf } from "./courier.ts";
import { type Message, type MessageType, signatureOf } from "./message.ts";
import type { SocketSubscriptions } from "./socket-subscriptions.ts";
import {
  isActive,
  type Subscription,
  type SubscriptionRequest,
  type SubscriptionStatus,
  subscriptionJson,
  toNanosecondsText,
} from "./subscription.ts";
import type { Subscriptions } from "./subscriptions.ts";

/**
 * Consecutive failures after which a subscription ends. A guess: Twitch does not publish its
 * number.
 */
const MAX_FAILURES = 25;

const MAX_REMEMBERED_MESSAGES = 1_000;

/** A custom message; omitted fields have the values that Twitch would send now. */
export interface HandMadeMessage {
  /** The secret for signing, unless `signature` is given. */
  readonly secret: string;
  /** The type in the subscription's header, such as "stream.online". */
  readonly type: string;
  readonly body: string;
  /** "notification" by default. */
  readonly messageType?: MessageType | undefined;
  /** "1" by default. */
  readonly version?: string | undefined;
  readonly timestamp?: string | undefined;
  readonly messageId?: string | undefined;
  readonly signature?: string | undefined;
}

/** A sent message and its outcome. */
export interface SentMessage {
  readonly messageId: string;
  /** The status of the response, or why there was none. */
  readonly result: number | "deadline" | "connection";
}

/** Sends challenges, notifications and revocations to callbacks and WebSockets. */
export class EventSub {
  #clock: LocalClock;
  #subscriptions: Subscriptions;
  #courier: Courier;
  #sockets: SocketSubscriptions;
  #failures = new Map<string, number>();
  #messages = new Map<string, Message>();
  /** Subscription ids of messages that their callback has not accepted, by message id. */
  #waiting = new Map<string, string>();

  constructor(
    clock: LocalClock,
    subscriptions: Subscriptions,
    courier: Courier,
    sockets: SocketSubscriptions,
  ) {
    this.#clock = clock;
    this.#subscriptions = subscriptions;
    this.#courier = courier;
    this.#sockets = sockets;
  }

  /**
   * Stores waiting messages in `state`. After a restart they are retried as soon as everything
   * runs.
   */
  persistIn(state: PersistentState): void {
    state.maps("twitch.messages", {
      failures: this.#failures,
      messages: this.#messages,
      waiting: this.#waiting,
    });
    state.onResume(() => {
      for (const [messageId, subscriptionId] of this.#waiting) {
        const message = this.#messages.get(messageId);
        if (message) this.#deliver(message, subscriptionId);
      }
    });
  }

  /** Subscribes and sends the challenge to the callback. Throws what `Subscriptions.add` throws. */
  subscribe(request: SubscriptionRequest): Subscription {
    const subscription = this.#subscriptions.add(request);
    const challenge = randomBytes(30).toString("base64url");
    const message = this.#message("webhook_callback_verification", subscription, { challenge });
    this.#courier.tryOnce(message, (outcome) => {
      if (this.#subscriptions.get(subscription.id)?.status !== subscription.status) return;
      const passed = isAnswerTo(challenge, outcome);
      const status = passed ? "enabled" : "webhook_callback_verification_failed";
      this.#subscriptions.setStatus(subscription.id, status);
    });
    return subscription;
  }

  /** Sends an event to every enabled subscription for this type and broadcaster. */
  notify(type: string, broadcasterId: string, event: object): void {
    this.#sockets.notify(type, broadcasterId, event);
    for (const subscription of this.#subscriptions.all()) {
      const wanted = subscription.type === type && subscription.broadcasterId === broadcasterId;
      if (!wanted || subscription.status !== "enabled") continue;
      const message = this.#message("notification", subscription, { event });
      this.#deliver(message, subscription.id);
    }
  }

  #deliver(message: Message, subscriptionId: string): void {
    this.#waiting.set(message.id, subscriptionId);
    this.#courier.tryRepeatedly(message, (succeeded) => {
      const retries = this.#count(subscriptionId, succeeded);
      if (succeeded || !retries) this.#waiting.delete(message.id);
      return retries;
    });
  }

  /**
   * Ends a subscription and notifies its subscriber of the reason. Throws when no active one has
   * this id.
   */
  revoke(subscriptionId: string, reason: SubscriptionStatus): void {
    if (this.#sockets.revoke(subscriptionId, reason)) return;
    const known = this.#subscriptions.get(subscriptionId);
    if (!known || !isActive(known)) {
      throw new TwitchError(404, `There is no active subscription ${subscriptionId}.`);
    }
    this.#end(subscriptionId, reason);
  }

  /**
   * Sends a message again unchanged, regardless of earlier deliveries. Throws when it does not
   * exist.
   */
  repeat(messageId: string): Promise<SentMessage> {
    const message = this.#messages.get(messageId);
    if (!message) throw new TwitchError(404, `There is no message ${messageId}.`);
    return this.#post(message, 1);
  }

  /**
   * Sends a message's content as a new message that is `ageMs` old, with a valid signature. Throws
   * when the message or its subscription does not exist.
   */
  sendLate(messageId: string, ageMs: number): Promise<SentMessage> {
    const message = this.#messages.get(messageId);
    if (!message) throw new TwitchError(404, `There is no message ${messageId}.`);
    const body = message.body.toString();
    const { id } = JSON.parse(body).subscription;
    const known = this.#subscriptions.get(id);
    if (!known) throw new TwitchError(404, `There is no subscription ${id}.`);
    return this.send(message.callback, {
      secret: known.secret,
      type: message.subscriptionType,
      messageType: message.type,
      version: message.subscriptionVersion,
      timestamp: toNanosecondsText(this.#clock.nowMs() - ageMs),
      body,
    });
  }

  /** Sends a message without a subscription. */
  send(callback: string, handMade: HandMadeMessage): Promise<SentMessage> {
    const signed = {
      id: handMade.messageId ?? newMessageId(),
      timestamp: handMade.timestamp ?? toNanosecondsText(this.#clock.nowMs()),
      body: Buffer.from(handMade.body),
    };
    const message = {
      ...signed,
      type: handMade.messageType ?? "notification",
      subscriptionType: handMade.type,
      subscriptionVersion: handMade.version ?? "1",
      callback,
      signature: handMade.signature ?? signatureOf(signed, handMade.secret),
    };
    return this.#post(this.#store(message), 0);
  }

  #post(message: Message, retry: number): Promise<SentMessage> {
    return new Promise((resolve) => {
      const onOutcome = (outcome: DeliveryOutcome) =>
        resolve({ messageId: message.id, result: resultOf(outcome) });
      this.#courier.tryOnce(message, onOutcome, retry);
    });
  }

  /** Records the outcome of an attempt. Returns whether to keep retrying. */
  #count(subscriptionId: string, succeeded: boolean): boolean {
    const failures = succeeded ? 0 : (this.#failures.get(subscriptionId) ?? 0) + 1;
    this.#failures.set(subscriptionId, failures);
    const isEnabled = this.#subscriptions.get(subscriptionId)?.status === "enabled";
    if (!isEnabled || failures < MAX_FAILURES) return isEnabled;
    this.#end(subscriptionId, "notification_failures_exceeded");
    return false;
  }

  #end(subscriptionId: string, reason: SubscriptionStatus): void {
    const ended = this.#subscriptions.setStatus(subscriptionId, reason);
    if (!ended) return;
    this.#courier.tryRepeatedly(this.#message("revocation", ended, {}), () => true);
  }

  #message(type: MessageType, subscription: Subscription, content: object): Message {
    const signed = {
      id: newMessageId(),
      timestamp: toNanosecondsText(this.#clock.nowMs()),
      body: Buffer.from(
        JSON.stringify({ subscription: subscriptionJson(subscription), ...content }),
      ),
    };
    return this.#store({
      ...signed,
      type,
      subscriptionType: subscription.type,
      subscriptionVersion: subscription.version,
      callback: subscription.callback,
      signature: signatureOf(signed, subscription.secret),
    });
  }

  #store(message: Message): Message {
    this.#messages.set(message.id, message);
    const oldest = this.#messages.keys().next();
    if (this.#messages.size > MAX_REMEMBERED_MESSAGES && !oldest.done) {
      this.#messages.delete(oldest.value);
      this.#waiting.delete(oldest.value);
    }
    return message;
  }
}

/** The callback must return the challenge unchanged as plain text. */
function isAnswerTo(challenge: string, outcome: DeliveryOutcome): boolean {
  if (outcome.kind !== "answered" || !isSuccess(outcome)) return false;
  const contentType = outcome.contentType?.split(";", 1)[0]?.trim().toLowerCase();
  return contentType === "text/plain" && outcome.body?.toString() === challenge;
}

/**
 * Twitch's message ids are arbitrary text, such as 32 bytes in base64; receivers must not assume a
 * format.
 */
function newMessageId(): string {
  return randomBytes(32).toString("base64");
}
