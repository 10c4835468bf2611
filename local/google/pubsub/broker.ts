import { status } from "@grpc/grpc-js";
import type { LocalClock } from "../../kit/clock.ts";
import { RpcError } from "../../kit/google/rpc.ts";
import type { PersistentState } from "../../kit/persistent-state.ts";
import { DeliveryQueue, type QueueContext, type Unacknowledged } from "./delivery-queue.ts";
import { compileFilter, type Filter } from "./filter.ts";
import {
  checkMessages,
  checkName,
  checkPushConfig,
  completeSubscription,
  idOf,
  projectOf,
} from "./rules.ts";
import type {
  StoredMessage,
  WireMessage,
  WirePushConfig,
  WireSubscription,
  WireTopic,
} from "./wire.ts";

/** A published message, for timelines. */
export interface PublishedMessage extends StoredMessage {
  readonly topicId: string;
}

/** A subscription with what waits in it. */
export interface Backlog {
  readonly subscription: WireSubscription;
  readonly messages: readonly Unacknowledged[];
}

/** The topic name in subscriptions whose topic was deleted. */
const DELETED_TOPIC = "_deleted-topic_";

/** How many of the latest published messages are stored for timelines. */
const MAX_REMEMBERED = 10_000;

/** Message ids look like Google's: sixteen digits. */
const FIRST_MESSAGE_ID = 1_000_000_000_000_001;

interface Subscriber {
  readonly queue: DeliveryQueue;
  readonly passes: Filter;
}

/** Topics, their subscriptions, and delivery between them. */
export class Broker {
  #clock: LocalClock;
  #context: QueueContext;
  #topics = new Map<string, WireTopic>();
  #subscribers = new Map<string, Subscriber>();
  #published: PublishedMessage[] = [];
  #nextMessageId = FIRST_MESSAGE_ID;

  constructor(context: Omit<QueueContext, "deadLetter">) {
    this.#clock = context.clock;
    this.#context = {
      ...context,
      deadLetter: (subscription, message, attempts) =>
        this.#deadLetter(subscription, message, attempts),
    };
  }

  /**
   * Stores waiting messages in `state`. After a restart they are delivered once their subscriptions
   * exist.
   */
  persistIn(state: PersistentState): void {
    let waiting = new Map<string, ReturnType<DeliveryQueue["outstanding"]>>();
    state.part(
      "pubsub",
      () => ({
        nextMessageId: this.#nextMessageId,
        waiting: new Map(
          [...this.#subscribers].map(([name, { queue }]) => [name, queue.outstanding()]),
        ),
      }),
      (saved) => {
        this.#nextMessageId = saved.nextMessageId;
        waiting = saved.waiting;
      },
    );
    state.onResume(() => {
      for (const [name, messages] of waiting) {
        const queue = this.#subscribers.get(name)?.queue;
        for (const { message, attempts } of messages) queue?.add(message, attempts);
      }
    });
  }

  createTopic(topic: WireTopic): WireTopic {
    checkName("topics", topic.name);
    if (this.#topics.has(topic.name)) throw exists(topic.name);
    this.#topics.set(topic.name, topic);
    return topic;
  }

  topic(name: string): WireTopic {
    return this.#topics.get(name) ?? notFound(name);
  }

  topicsOf(project: string): WireTopic[] {
    return [...this.#topics.values()].filter(({ name }) => name.startsWith(`${project}/topics/`));
  }

  /** Deletes a topic. Its subscriptions stay and still deliver what they have. */
  deleteTopic(name: string): void {
    this.topic(name);
    this.#topics.delete(name);
    for (const { queue } of this.#subscribersOf(name)) queue.update({ topic: DELETED_TOPIC });
  }

  /** Accepts all messages or none and passes them to every subscription. Returns their ids. */
  publish(topicName: string, messages: readonly WireMessage[]): string[] {
    this.topic(topicName);
    checkMessages(messages);
    return messages.map((message) => this.#accept(topicName, message));
  }

  createSubscription(asked: WireSubscription): WireSubscription {
    const subscription = completeSubscription(asked);
    if (this.#subscribers.has(subscription.name)) throw exists(subscription.name);
    this.topic(subscription.topic);
    this.#subscribers.set(subscription.name, {
      queue: new DeliveryQueue(subscription, this.#context),
      passes: subscription.filter === "" ? () => true : compileFilter(subscription.filter),
    });
    return subscription;
  }

  subscription(name: string): WireSubscription {
    return this.#subscriber(name).queue.subscription;
  }

  subscriptionsOf(project: string): WireSubscription[] {
    return [...this.#subscribers.values()]
      .map(({ queue }) => queue.subscription)
      .filter(({ name }) => name.startsWith(`${project}/subscriptions/`));
  }

  subscriptionNamesOf(topicName: string): string[] {
    this.topic(topicName);
    return this.#subscribersOf(topicName).map(({ queue }) => queue.subscription.name);
  }

  deleteSubscription(name: string): void {
    this.#subscriber(name).queue.stop();
    this.#subscribers.delete(name);
  }

  modifyPushConfig(name: string, pushConfig: WirePushConfig | null): void {
    checkPushConfig(pushConfig);
    this.#subscriber(name).queue.update({ pushConfig });
  }

  published(topicId?: string): PublishedMessage[] {
    return this.#published.filter(
      (message) => topicId === undefined || message.topicId === topicId,
    );
  }

  /** Every subscription with what waits in it. */
  backlogs(): Backlog[] {
    return [...this.#subscribers.values()].map(({ queue }) => ({
      subscription: queue.subscription,
      messages: queue.unacknowledged(),
    }));
  }

  /** The ids of all topics. */
  topicIds(): string[] {
    return [...this.#topics.keys()].map(idOf);
  }

  stop(): void {
    for (const { queue } of this.#subscribers.values()) queue.stop();
  }

  #subscriber(name: string): Subscriber {
    return this.#subscribers.get(name) ?? notFound(name);
  }

  #subscribersOf(topicName: string): Subscriber[] {
    return [...this.#subscribers.values()].filter(
      ({ queue }) => queue.subscription.topic === topicName,
    );
  }

  #accept(topicName: string, { data, attributes, orderingKey }: WireMessage): string {
    const messageId = String(this.#nextMessageId++);
    const publishedAtMs = this.#clock.nowMs();
    const message = { data, attributes, orderingKey, messageId, publishedAtMs };
    this.#published.push({ topicId: idOf(topicName), ...message });
    if (this.#published.length > MAX_REMEMBERED) this.#published.shift();
    for (const { queue, passes } of this.#subscribersOf(topicName)) {
      if (passes(attributes)) queue.add(message);
    }
    return messageId;
  }

  // https://cloud.google.com/pubsub/docs/handling-failures#dead_letter_topic
  #deadLetter(
    { name, deadLetterPolicy }: WireSubscription,
    { data, attributes, orderingKey, publishedAtMs }: StoredMessage,
    attempts: number,
  ): boolean {
    const topicName = deadLetterPolicy?.deadLetterTopic ?? "";
    if (!this.#topics.has(topicName)) return false;
    this.#accept(topicName, {
      data,
      orderingKey,
      attributes: {
        ...attributes,
        CloudPubSubDeadLetterSourceDeliveryCount: String(attempts),
        CloudPubSubDeadLetterSourceSubscription: idOf(name),
        CloudPubSubDeadLetterSourceSubscriptionProject: projectOf(name),
        CloudPubSubDeadLetterSourceTopicPublishTime: new Date(publishedAtMs).toISOString(),
      },
    });
    return true;
  }
}

function exists(name: string): RpcError {
  return new RpcError(
    status.ALREADY_EXISTS,
    `Resource already exists in the project (resource=${idOf(name)}).`,
  );
}

function notFound(name: string): never {
  throw new RpcError(status.NOT_FOUND, `Resource not found (resource=${idOf(name)}).`);
}
