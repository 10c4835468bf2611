import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import type { LocalClock } from "../../kit/clock.ts";
import { TwitchError } from "../twitch-error.ts";
import { requireSession, Sessions } from "./sessions.ts";
import { toNanosecondsText } from "./subscription.ts";

/** https://dev.twitch.tv/docs/eventsub/manage-subscriptions/#subscription-limits */
export const MAX_COST_OF_USER = 10;
const MAX_CONNECTIONS_OF_USER = 3;
const MAX_OF_CONNECTION = 300;

/** A user's subscription request for a WebSocket session. */
export interface SocketRequest {
  readonly type: string;
  readonly version: string;
  readonly broadcasterId: string;
  readonly sessionId: string;
}

/** A user's subscription over a WebSocket. */
interface SocketSubscription extends SocketRequest {
  readonly id: string;
  /** The user whose token created it. */
  readonly userId: string;
  readonly status: string;
  readonly createdAtMs: number;
}

/** A sent message, stored to be repeated. */
interface SentFrame {
  readonly sessionId: string;
  readonly type: string;
  readonly payload: object;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Subscriptions over WebSockets, and their sessions. They end with their connection. */
export class SocketSubscriptions {
  readonly sessions: Sessions;
  #clock: LocalClock;
  #byId = new Map<string, SocketSubscription>();
  #sent = new Map<string, SentFrame>();

  constructor(clock: LocalClock) {
    this.#clock = clock;
    this.sessions = new Sessions(clock, {
      isInUse: (sessionId) => this.#enabledOf((one) => one.sessionId === sessionId).length > 0,
      onEnd: (sessionId) => this.#endAll(sessionId),
    });
  }

  attach(server: Server): void {
    this.sessions.attach(server);
  }

  /**
   * Subscribes. Throws Twitch's errors: unknown session, duplicate subscription, a user's limits
   * exceeded.
   */
  subscribe(request: SocketRequest, userId: string) {
    requireSession(this.sessions, request.sessionId);
    const ofUser = this.#enabledOf((one) => one.userId === userId);
    const ofSession = ofUser.filter(({ sessionId }) => sessionId === request.sessionId);
    if (ofSession.some((one) => isDuplicate(one, request))) {
      throw new TwitchError(409, "subscription already exists");
    }
    const connections = new Set([...ofUser.map(({ sessionId }) => sessionId), request.sessionId]);
    if (connections.size > MAX_CONNECTIONS_OF_USER) {
      throw new TwitchError(429, "number of websocket transports limit exceeded");
    }
    const subscription: SocketSubscription = {
      ...request,
      id: randomUUID(),
      userId,
      status: "enabled",
      createdAtMs: this.#clock.nowMs(),
    };
    const cost = this.costOf(userId) + costOf(subscription);
    if (cost > MAX_COST_OF_USER || ofSession.length >= MAX_OF_CONNECTION) {
      throw new TwitchError(429, "number of subscriptions limit exceeded");
    }
    this.#byId.set(subscription.id, subscription);
    return subscription;
  }

  /** A user's subscriptions, including ended ones. */
  of(userId: string): SocketSubscription[] {
    return [...this.#byId.values()].filter((one) => one.userId === userId);
  }

  costOf(userId: string): number {
    return this.of(userId).reduce((sum, one) => sum + costOf(one), 0);
  }

  /** Removes a subscription. Returns false when the user has none with this id. */
  remove(id: string, userId: string): boolean {
    return this.#byId.get(id)?.userId === userId && this.#byId.delete(id);
  }

  notify(type: string, broadcasterId: string, event: object): void {
    const wanted = this.#enabledOf(
      (one) => one.type === type && one.broadcasterId === broadcasterId,
    );
    for (const subscription of wanted) this.#send("notification", subscription, { event });
  }

  /** Ends a subscription with a reason. Returns false when it does not exist. */
  revoke(id: string, reason: string): boolean {
    const subscription = this.#byId.get(id);
    if (subscription?.status !== "enabled") return false;
    const ended = { ...subscription, status: reason };
    this.#byId.set(id, ended);
    this.#send("revocation", ended, {});
    return true;
  }

  /** Sends a message again unchanged. Returns false when it or its client's connection is gone. */
  repeat(messageId: string): boolean {
    const sent = this.#sent.get(messageId);
    if (!sent) return false;
    return this.sessions.send(sent.sessionId, sent.type, sent.payload, sent.metadata);
  }

  /** The ids of the sent messages, oldest first. */
  messageIds(): string[] {
    return [...this.#sent.keys()];
  }

  stop(): void {
    this.sessions.stop();
  }

  #send(type: string, subscription: SocketSubscription, content: object): void {
    const messageId = randomUUID();
    const frame: SentFrame = {
      sessionId: subscription.sessionId,
      type,
      payload: { subscription: socketSubscriptionJson(subscription), ...content },
      metadata: {
        message_id: messageId,
        message_timestamp: toNanosecondsText(this.#clock.nowMs()),
        subscription_type: subscription.type,
        subscription_version: subscription.version,
      },
    };
    this.#sent.set(messageId, frame);
    this.sessions.send(frame.sessionId, type, frame.payload, frame.metadata);
  }

  #enabledOf(isWanted: (subscription: SocketSubscription) => boolean): SocketSubscription[] {
    return [...this.#byId.values()].filter((one) => one.status === "enabled" && isWanted(one));
  }

  #endAll(sessionId: string): void {
    for (const one of this.#enabledOf((found) => found.sessionId === sessionId)) {
      this.#byId.set(one.id, { ...one, status: "websocket_disconnected" });
    }
  }
}

/** A subscription as Helix and EventSub messages show it. */
export function socketSubscriptionJson(subscription: SocketSubscription) {
  return {
    id: subscription.id,
    status: subscription.status,
    type: subscription.type,
    version: subscription.version,
    condition: { broadcaster_user_id: subscription.broadcasterId },
    transport: { method: "websocket", session_id: subscription.sessionId },
    created_at: toNanosecondsText(subscription.createdAtMs),
    cost: costOf(subscription),
  };
}

/** A subscription to the user's own channel is free: its owner has authorised the client. */
function costOf({ status, userId, broadcasterId }: SocketSubscription): number {
  return status === "enabled" && userId !== broadcasterId ? 1 : 0;
}

function isDuplicate(one: SocketRequest, other: SocketRequest): boolean {
  return one.type === other.type && one.broadcasterId === other.broadcasterId;
}
