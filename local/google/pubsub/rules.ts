import { status } from "@grpc/grpc-js";
import { toMs, toSeconds } from "../../kit/google/protobuf-time.ts";
import { RpcError } from "../../kit/google/rpc.ts";
import { compileFilter } from "./filter.ts";
import type { WireMessage, WirePushConfig, WireSubscription } from "./wire.ts";

// https://cloud.google.com/pubsub/quotas#resource_limits
/** The largest message, and the largest publish request. */
export const MAX_PUBLISH_BYTES = 10_000_000;
const MAX_MESSAGES_PER_PUBLISH = 1000;
const MAX_ATTRIBUTES = 100;
const MAX_ATTRIBUTE_KEY_BYTES = 256;
const MAX_ATTRIBUTE_VALUE_BYTES = 1024;
const MAX_ORDERING_KEY_BYTES = 1024;

// https://cloud.google.com/pubsub/docs/subscription-properties
const DEFAULT_ACK_DEADLINE_SECONDS = 10;
const MAX_ACK_DEADLINE_SECONDS = 600;
const DEFAULT_RETENTION_MS = 7 * 24 * 60 * 60 * 1000;
const MIN_RETENTION_MS = 10 * 60 * 1000;
const MAX_RETENTION_MS = 31 * 24 * 60 * 60 * 1000;
const DEFAULT_MINIMUM_BACKOFF_MS = 10_000;
const MAX_BACKOFF_MS = 600_000;
const DEFAULT_DELIVERY_ATTEMPTS = 5;
const MAX_DELIVERY_ATTEMPTS = 100;

// https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names
const RESOURCE_NAME = /^projects\/[^/]+\/(topics|subscriptions)\/([A-Za-z][\w.~+%-]{2,254})$/;

/** The last part of a resource name: the id of a topic or subscription. */
export const idOf = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** The project in a resource name. */
export const projectOf = (name: string): string => name.split("/")[1] ?? "";

/** Throws INVALID_ARGUMENT unless `valid` is true. */
function check(valid: boolean, message: string): asserts valid {
  if (!valid) throw new RpcError(status.INVALID_ARGUMENT, message);
}

/** Throws unless the name is a valid topic or subscription name. */
export function checkName(kind: "topics" | "subscriptions", name: string): void {
  const match = RESOURCE_NAME.exec(name);
  const valid = match?.[1] === kind && !match[2]?.toLowerCase().startsWith("goog");
  check(valid, `Invalid [${kind}] name: (name=${name})`);
}

/** Throws for a publish request that Pub/Sub would refuse for its size or shape. */
export function checkMessages(messages: readonly WireMessage[]): void {
  check(messages.length > 0, "The value for message_count is too small. You passed 0.");
  check(
    messages.length <= MAX_MESSAGES_PER_PUBLISH,
    `A publish request takes at most ${MAX_MESSAGES_PER_PUBLISH} messages.`,
  );
  let totalBytes = 0;
  for (const message of messages) totalBytes += checkMessage(message);
  check(totalBytes <= MAX_PUBLISH_BYTES, "The publish request is larger than 10 MB.");
}

function checkMessage({ data, attributes, orderingKey }: WireMessage): number {
  const entries = Object.entries(attributes);
  check(
    data.length > 0 || entries.length > 0,
    "One or more messages in the publish request is empty. Each message must contain either non-empty data, or at least one attribute.",
  );
  check(entries.length <= MAX_ATTRIBUTES, `A message takes at most ${MAX_ATTRIBUTES} attributes.`);
  check(
    Buffer.byteLength(orderingKey) <= MAX_ORDERING_KEY_BYTES,
    `An ordering key takes at most ${MAX_ORDERING_KEY_BYTES} bytes.`,
  );
  let bytes = data.length;
  for (const [key, value] of entries) {
    const keyBytes = Buffer.byteLength(key);
    const valueBytes = Buffer.byteLength(value);
    check(
      keyBytes > 0 && keyBytes <= MAX_ATTRIBUTE_KEY_BYTES && !key.startsWith("goog"),
      `An attribute key takes 1 to ${MAX_ATTRIBUTE_KEY_BYTES} bytes and does not begin with goog.`,
    );
    check(
      valueBytes <= MAX_ATTRIBUTE_VALUE_BYTES,
      `An attribute value takes at most ${MAX_ATTRIBUTE_VALUE_BYTES} bytes.`,
    );
    bytes += keyBytes + valueBytes;
  }
  return bytes;
}

/** Validates a new subscription and fills in Pub/Sub's defaults. */
export function completeSubscription(asked: WireSubscription): WireSubscription {
  checkName("subscriptions", asked.name);
  checkName("topics", asked.topic);
  if (asked.filter !== "") compileFilter(asked.filter);
  const ackDeadlineSeconds = asked.ackDeadlineSeconds || DEFAULT_ACK_DEADLINE_SECONDS;
  checkRange("ack deadline", ackDeadlineSeconds, 10, MAX_ACK_DEADLINE_SECONDS);
  const retentionMs = toMs(asked.messageRetentionDuration) ?? DEFAULT_RETENTION_MS;
  checkRange("message retention", retentionMs, MIN_RETENTION_MS, MAX_RETENTION_MS);
  checkPushConfig(asked.pushConfig);
  return {
    ...asked,
    ackDeadlineSeconds,
    messageRetentionDuration: toSeconds(retentionMs),
    deadLetterPolicy: completeDeadLetterPolicy(asked.deadLetterPolicy),
    retryPolicy: completeRetryPolicy(asked.retryPolicy),
  };
}

/**
 * Throws for a push endpoint that is not an HTTP URL; an empty one makes a pull subscription.
 * Throws UNIMPLEMENTED for what the service supports and this emulator does not.
 */
export function checkPushConfig(config: WirePushConfig | null): void {
  const endpoint = config?.pushEndpoint ?? "";
  const valid = endpoint === "" || (/^https?:/.test(endpoint) && URL.canParse(endpoint));
  check(valid, `Invalid push endpoint given (endpoint=${endpoint}).`);
  if (config?.noWrapper) {
    throw new RpcError(
      status.UNIMPLEMENTED,
      "This emulator pushes only wrapped messages. Omit noWrapper and read message.data from the body.",
    );
  }
}

function completeDeadLetterPolicy(
  policy: WireSubscription["deadLetterPolicy"],
): WireSubscription["deadLetterPolicy"] {
  if (!policy?.deadLetterTopic) return null;
  checkName("topics", policy.deadLetterTopic);
  const maxDeliveryAttempts = policy.maxDeliveryAttempts || DEFAULT_DELIVERY_ATTEMPTS;
  checkRange("maximum of delivery attempts", maxDeliveryAttempts, 5, MAX_DELIVERY_ATTEMPTS);
  return { ...policy, maxDeliveryAttempts };
}

function completeRetryPolicy(
  policy: WireSubscription["retryPolicy"],
): WireSubscription["retryPolicy"] {
  if (!policy) return null;
  const minimumMs = toMs(policy.minimumBackoff) ?? DEFAULT_MINIMUM_BACKOFF_MS;
  const maximumMs = toMs(policy.maximumBackoff) ?? MAX_BACKOFF_MS;
  checkRange("minimum back-off", minimumMs, 0, MAX_BACKOFF_MS);
  checkRange("maximum back-off", maximumMs, minimumMs, MAX_BACKOFF_MS);
  return { minimumBackoff: toSeconds(minimumMs), maximumBackoff: toSeconds(maximumMs) };
}

function checkRange(what: string, value: number, from: number, to: number): void {
  check(value >= from && value <= to, `The ${what} is ${value}, not between ${from} and ${to}.`);
}
