import { createHmac } from "node:crypto";

/** https://dev.twitch.tv/docs/eventsub/handling-webhook-events/ */
export type MessageType = "webhook_callback_verification" | "notification" | "revocation";

/** A message to a callback. A retry is identical except for the retry count. */
export interface Message {
  readonly id: string;
  readonly type: MessageType;
  readonly subscriptionType: string;
  readonly subscriptionVersion: string;
  readonly callback: string;
  /** RFC 3339 with nanoseconds. */
  readonly timestamp: string;
  readonly body: Buffer;
  readonly signature: string;
}

/** The signature over id, timestamp and body, as the header carries it. */
export function signatureOf(
  message: Pick<Message, "id" | "timestamp" | "body">,
  secret: string,
): string {
  const hmac = createHmac("sha256", secret).update(message.id).update(message.timestamp);
  return `sha256=${hmac.update(message.body).digest("hex")}`;
}

export function headersOf(message: Message, retry: number): Record<string, string> {
  return {
    "Content-Type": "application/json",
    "Twitch-Eventsub-Message-Id": message.id,
    "Twitch-Eventsub-Message-Retry": String(retry),
    "Twitch-Eventsub-Message-Type": message.type,
    "Twitch-Eventsub-Message-Signature": message.signature,
    "Twitch-Eventsub-Message-Timestamp": message.timestamp,
    "Twitch-Eventsub-Subscription-Type": message.subscriptionType,
    "Twitch-Eventsub-Subscription-Version": message.subscriptionVersion,
  };
}
