import { randomBytes } from "node:crypto";
import type { LocalClock } from "../../kit/clock.ts";
import type { KeptState } from "../../kit/kept-state.ts";
import type { DeliveryOutcome } from "../../kit/sender.ts";
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

/** Failed tries in a row after which a subscription ends; Twitch keeps its number to itself. */
const MAX_FAILURES = 25;

const MAX_REMEMBERED_MESSAGES = 1_000;

/** A message made by hand; what is not given is as Twitch would make it now. */
export interface HandMadeMessage {
  /** What it is signed with, unless a signature is given. */
  readonly secret: string;
  /** The type in the subscription's header: "stream.online". */
  readonly type: string;
  readonly body: string;
  /** "notification" unless told. */
  readonly messageType?: MessageType | undefined;
  /** "1" unless told. */
  readonly version?: string | undefined;
  readonly timestamp?: string | undefined;
  readonly messageId?: string | undefined;
  readonly signature?: string | undefined;
}

/** What came of one message that was sent. */
export interface SentMessage {
  readonly messageId: string;
  /** The status it was answered with, or why there was no answer. */
  readonly result: number | "deadline" | "connection";
}

/** Tells callbacks and WebSockets what happens: the challenge, notifications, and the end of a subscription. */
export class EventSub {
  #clock: LocalClock;
  #subscriptions: Subscriptions;
  #courier: Courier;
  #sockets: SocketSubscriptions;
  #failures = new Map<string, number>();
  #messages = new Map<string, Message>();
  /** Messages that their callback has not taken yet, by their ids, with their subscription's. */
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

  /** What waits is tried again as soon as everything runs. */
  keepIn(state: KeptState): void {
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

  /** Subscribes, and sends the callback its challenge. Throws what `Subscriptions.add` throws. */
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

  /** Sends an event to every enabled subscription of its type to this broadcaster. */
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
      const goesOn = this.#count(subscriptionId, succeeded);
      if (succeeded || !goesOn) this.#waiting.delete(message.id);
      return goesOn;
    });
  }

  /** Ends a subscription and tells who has it why. Throws when there is no active one. */
  revoke(subscriptionId: string, reason: SubscriptionStatus): void {
    if (this.#sockets.revoke(subscriptionId, reason)) return;
    const known = this.#subscriptions.get(subscriptionId);
    if (!known || !isActive(known)) {
      throw new TwitchError(404, `There is no active subscription ${subscriptionId}.`);
    }
    this.#end(subscriptionId, reason);
  }

  /** Sends a message again as it was, whatever came of it. Throws when there is none. */
  repeat(messageId: string): Promise<SentMessage> {
    const message = this.#messages.get(messageId);
    if (!message) throw new TwitchError(404, `There is no message ${messageId}.`);
    return this.#post(message, 1);
  }

  /** Sends a message that no subscription asked for. */
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
    return this.#post(this.#remember(message), 0);
  }

  #post(message: Message, retry: number): Promise<SentMessage> {
    return new Promise((resolve) => {
      const tell = (outcome: DeliveryOutcome) =>
        resolve({ messageId: message.id, result: resultOf(outcome) });
      this.#courier.tryOnce(message, tell, retry);
    });
  }

  /** Whether to go on with a message after a try. */
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
    return this.#remember({
      ...signed,
      type,
      subscriptionType: subscription.type,
      subscriptionVersion: subscription.version,
      callback: subscription.callback,
      signature: signatureOf(signed, subscription.secret),
    });
  }

  #remember(message: Message): Message {
    this.#messages.set(message.id, message);
    const oldest = this.#messages.keys().next();
    if (this.#messages.size > MAX_REMEMBERED_MESSAGES && !oldest.done) {
      this.#messages.delete(oldest.value);
      this.#waiting.delete(oldest.value);
    }
    return message;
  }
}

/** The challenge has to come back as it was, as plain text. */
function isAnswerTo(challenge: string, outcome: DeliveryOutcome): boolean {
  if (outcome.kind !== "answered" || !isSuccess(outcome)) return false;
  const contentType = outcome.contentType?.split(";", 1)[0]?.trim().toLowerCase();
  return contentType === "text/plain" && outcome.body?.toString() === challenge;
}

/** Twitch's message ids are any text, such as 32 bytes in base64: nothing may be taken for granted of them. */
function newMessageId(): string {
  return randomBytes(32).toString("base64");
}
