import type { StoredMessage } from "./wire.ts";

/** The headers of every push request. */
export const PUSH_HEADERS = {
  "content-type": "application/json",
  "user-agent": "CloudPubSub-Google",
  accept: "application/json",
  from: "noreply@google.com",
};

/**
 * The body of a wrapped push. Like Google's it contains both spellings of its fields.
 * https://cloud.google.com/pubsub/docs/push#receive_push
 */
export function pushBody(
  subscription: string,
  { data, attributes, orderingKey, messageId, publishedAtMs }: StoredMessage,
  deliveryAttempt?: number,
): Buffer {
  const publishTime = new Date(publishedAtMs).toISOString();
  const message = {
    attributes,
    data: data.toString("base64"),
    messageId,
    message_id: messageId,
    ...(orderingKey && { orderingKey }),
    publishTime,
    publish_time: publishTime,
  };
  return Buffer.from(
    JSON.stringify({
      ...(deliveryAttempt !== undefined && { deliveryAttempt }),
      message,
      subscription,
    }),
  );
}
