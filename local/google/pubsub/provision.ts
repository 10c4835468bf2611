import { type ClientConfig, type CreateSubscriptionOptions, PubSub } from "@google-cloud/pubsub";
import { status } from "@grpc/grpc-js";
import { toSeconds } from "../../kit/google/protobuf-time.ts";
import type { Broker } from "./broker.ts";

/** Plan of a push subscription. */
export interface SubscriptionPlan {
  readonly id: string;
  readonly topic: string;
  readonly pushEndpoint: string;
  /** The account whose token pushes carry, with the endpoint as audience; none by default. */
  readonly pushAccount?: string;
  /** In Pub/Sub's filter language. */
  readonly filter?: string;
  readonly ordering?: boolean;
  readonly ackDeadlineSeconds: number;
  readonly minimumBackoffSeconds: number;
  readonly maximumBackoffSeconds: number;
  readonly deadLetter?: { readonly topic: string; readonly maxDeliveryAttempts: number };
}

/** Plan of a project's topics and push subscriptions. */
export interface PubSubPlan {
  readonly topics: readonly string[];
  readonly subscriptions: readonly SubscriptionPlan[];
}

/**
 * Creates the topics and push subscriptions in the Pub/Sub at `host`, this emulator or Google's.
 * Existing topics stay; existing subscriptions are recreated and lose undelivered messages.
 */
export async function provision(host: string, projectId: string, plan: PubSubPlan): Promise<void> {
  const config: ClientConfig = {
    projectId,
    apiEndpoint: host,
    emulatorMode: true,
    // Otherwise the SDK searches the network for credentials to find their universe.
    clientOptions: { universeDomain: "googleapis.com" },
  };
  const pubsub = new PubSub(config);
  try {
    await Promise.all(plan.topics.map((topic) => createTopic(pubsub, topic)));
    await Promise.all(
      plan.subscriptions.map((subscription) => createSubscription(pubsub, projectId, subscription)),
    );
  } finally {
    await pubsub.close();
  }
}

/** Creates the same by calling a broker in this process. */
export function provisionDirectly(broker: Broker, projectId: string, plan: PubSubPlan): void {
  const topicName = (id: string) => `projects/${projectId}/topics/${id}`;
  for (const id of plan.topics) broker.createTopic({ name: topicName(id), labels: {} });
  for (const each of plan.subscriptions) {
    broker.createSubscription({
      name: `projects/${projectId}/subscriptions/${each.id}`,
      topic: topicName(each.topic),
      pushConfig: {
        pushEndpoint: each.pushEndpoint,
        attributes: {},
        oidcToken: each.pushAccount ? tokenOf(each, each.pushAccount) : null,
      },
      ackDeadlineSeconds: each.ackDeadlineSeconds,
      messageRetentionDuration: null,
      enableMessageOrdering: each.ordering ?? false,
      filter: each.filter ?? "",
      deadLetterPolicy: each.deadLetter
        ? {
            deadLetterTopic: topicName(each.deadLetter.topic),
            maxDeliveryAttempts: each.deadLetter.maxDeliveryAttempts,
          }
        : null,
      retryPolicy: {
        minimumBackoff: toSeconds(each.minimumBackoffSeconds * 1000),
        maximumBackoff: toSeconds(each.maximumBackoffSeconds * 1000),
      },
      labels: {},
    });
  }
}

async function createTopic(pubsub: PubSub, id: string): Promise<void> {
  try {
    await pubsub.createTopic(id);
  } catch (error) {
    if (!isAlreadyThere(error)) throw error;
  }
}

async function createSubscription(
  pubsub: PubSub,
  projectId: string,
  plan: SubscriptionPlan,
): Promise<void> {
  const topic = pubsub.topic(plan.topic);
  const options = subscriptionOptions(projectId, plan);
  try {
    await topic.createSubscription(plan.id, options);
  } catch (error) {
    if (!isAlreadyThere(error)) throw error;
    await pubsub.subscription(plan.id).delete();
    await topic.createSubscription(plan.id, options);
  }
}

function subscriptionOptions(projectId: string, plan: SubscriptionPlan): CreateSubscriptionOptions {
  return {
    pushEndpoint: plan.pushEndpoint,
    ...(plan.pushAccount && { oidcToken: tokenOf(plan, plan.pushAccount) }),
    ackDeadlineSeconds: plan.ackDeadlineSeconds,
    enableMessageOrdering: plan.ordering ?? false,
    retryPolicy: {
      minimumBackoff: { seconds: plan.minimumBackoffSeconds },
      maximumBackoff: { seconds: plan.maximumBackoffSeconds },
    },
    ...(plan.filter && { filter: plan.filter }),
    ...(plan.deadLetter && {
      deadLetterPolicy: {
        deadLetterTopic: `projects/${projectId}/topics/${plan.deadLetter.topic}`,
        maxDeliveryAttempts: plan.deadLetter.maxDeliveryAttempts,
      },
    }),
  };
}

function tokenOf({ pushEndpoint }: SubscriptionPlan, serviceAccountEmail: string) {
  return { serviceAccountEmail, audience: pushEndpoint };
}

function isAlreadyThere(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === status.ALREADY_EXISTS;
}
