import { status } from "@grpc/grpc-js";
import type { Topics } from "../../../shared/ports/topics.ts";
import { type CallPolicy, clientCall, type DirectContext } from "../../kit/google/client-call.ts";
import type { Broker } from "./broker.ts";

/** Codes that Google's client retries, from its `publisher_client_config.json`. */
const RETRIED = new Set([
  status.CANCELLED,
  status.UNKNOWN,
  status.DEADLINE_EXCEEDED,
  status.RESOURCE_EXHAUSTED,
  status.ABORTED,
  status.INTERNAL,
  status.UNAVAILABLE,
]);

/**
 * Publishes to the broker directly, with the behaviour of the product's Pub/Sub client over gRPC.
 */
export function directTopics(
  broker: Broker,
  context: DirectContext,
  { projectId, deadlineMs }: { readonly projectId: string; readonly deadlineMs: number },
): Topics {
  const policy: CallPolicy = {
    deadlineMs,
    retry: { codes: RETRIED, initialDelayMs: 100, delayMultiplier: 2, maxDelayMs: 1000 },
  };
  return {
    async publish(topic, { data, attributes }) {
      const name = `projects/${projectId}/topics/${topic}`;
      const message = { data, attributes: { ...attributes }, orderingKey: "" };
      await clientCall(context, "Publish", policy, () => broker.publish(name, [message]));
    },
  };
}
