import type { Seconds } from "../kit/protobuf-time.ts";

/** `google.pubsub.v1.Topic`, the fields that matter here. */
export interface WireTopic {
  readonly name: string;
  readonly labels: Record<string, string>;
}

/** `google.pubsub.v1.PubsubMessage` as a publisher sends it. */
export interface WireMessage {
  readonly data: Buffer;
  readonly attributes: Record<string, string>;
  readonly orderingKey: string;
}

/** `google.pubsub.v1.PushConfig`; without an endpoint the subscription waits to be pulled. */
export interface WirePushConfig {
  readonly pushEndpoint: string;
  readonly attributes: Record<string, string>;
  readonly oidcToken?: { readonly serviceAccountEmail: string; readonly audience: string } | null;
  /** Present where the data alone is to be the body of a push. */
  readonly noWrapper?: object | null;
}

/** `google.pubsub.v1.Subscription`, the fields that matter here. */
export interface WireSubscription {
  readonly name: string;
  readonly topic: string;
  readonly pushConfig: WirePushConfig | null;
  readonly ackDeadlineSeconds: number;
  readonly messageRetentionDuration: Seconds | null;
  readonly enableMessageOrdering: boolean;
  readonly filter: string;
  readonly deadLetterPolicy: {
    readonly deadLetterTopic: string;
    readonly maxDeliveryAttempts: number;
  } | null;
  readonly retryPolicy: {
    readonly minimumBackoff: Seconds | null;
    readonly maximumBackoff: Seconds | null;
  } | null;
  readonly labels: Record<string, string>;
}

/** A message the broker has taken. */
export interface StoredMessage extends WireMessage {
  /** A number in digits, unique in the life of the broker. */
  readonly messageId: string;
  readonly publishedAtMs: number;
}
