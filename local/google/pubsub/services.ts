import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { pageOf, type RpcContext, unary } from "../../kit/google/rpc.ts";
import type { Broker } from "./broker.ts";
import type { WireMessage, WirePushConfig, WireSubscription, WireTopic } from "./wire.ts";

interface PageRequest {
  readonly pageSize: number;
  readonly pageToken: string;
}

/** The calls of `google.pubsub.v1.Publisher` that the broker implements. */
export function publisherService(
  broker: Broker,
  context: RpcContext,
): UntypedServiceImplementation {
  return {
    CreateTopic: unary(context, "CreateTopic", (topic: WireTopic) => broker.createTopic(topic)),
    GetTopic: unary(context, "GetTopic", ({ topic }: { topic: string }) => broker.topic(topic)),
    DeleteTopic: unary(context, "DeleteTopic", ({ topic }: { topic: string }) => {
      broker.deleteTopic(topic);
      return {};
    }),
    Publish: unary(context, "Publish", (request: { topic: string; messages: WireMessage[] }) => ({
      messageIds: broker.publish(request.topic, request.messages),
    })),
    ListTopics: unary(context, "ListTopics", (request: PageRequest & { project: string }) => {
      const topics = broker.topicsOf(request.project);
      const { items, nextPageToken } = pageOf(topics, request.pageSize, request.pageToken);
      return { topics: items, nextPageToken };
    }),
    ListTopicSubscriptions: unary(
      context,
      "ListTopicSubscriptions",
      (request: PageRequest & { topic: string }) => {
        const names = broker.subscriptionNamesOf(request.topic);
        const { items, nextPageToken } = pageOf(names, request.pageSize, request.pageToken);
        return { subscriptions: items, nextPageToken };
      },
    ),
  };
}

/** The calls of `google.pubsub.v1.Subscriber` that the broker implements; there is no pull. */
export function subscriberService(
  broker: Broker,
  context: RpcContext,
): UntypedServiceImplementation {
  return {
    CreateSubscription: unary(context, "CreateSubscription", (asked: WireSubscription) =>
      withState(broker.createSubscription(asked)),
    ),
    GetSubscription: unary(
      context,
      "GetSubscription",
      ({ subscription }: { subscription: string }) => withState(broker.subscription(subscription)),
    ),
    DeleteSubscription: unary(
      context,
      "DeleteSubscription",
      ({ subscription }: { subscription: string }) => {
        broker.deleteSubscription(subscription);
        return {};
      },
    ),
    ModifyPushConfig: unary(
      context,
      "ModifyPushConfig",
      (request: { subscription: string; pushConfig: WirePushConfig | null }) => {
        broker.modifyPushConfig(request.subscription, request.pushConfig);
        return {};
      },
    ),
    ListSubscriptions: unary(
      context,
      "ListSubscriptions",
      (request: PageRequest & { project: string }) => {
        const all = broker.subscriptionsOf(request.project).map(withState);
        const { items, nextPageToken } = pageOf(all, request.pageSize, request.pageToken);
        return { subscriptions: items, nextPageToken };
      },
    ),
  };
}

function withState(subscription: WireSubscription): WireSubscription & { state: string } {
  return { ...subscription, state: "ACTIVE" };
}
