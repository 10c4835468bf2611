import type { Seconds } from "../../kit/google/protobuf-time.ts";

/** The fields of `google.pubsub.v1.Topic` that the emulator uses. */
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

/** `google.pubsub.v1.PushConfig`; without an endpoint it is a pull subscription. */
export interface WirePushConfig {
  readonly pushEndpoint: string;
  readonly attributes: Record<string, string>;
  readonly oidcToken?: { readonly serviceAccountEmail: string; readonly audience: string } | null;
  /** Set if the push body should be only the data. */
  readonly noWrapper?: object | null;
}

/** The fields of `google.pubsub.v1.Subscription` that the emulator uses. */
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

/** A message that the broker has accepted. */
export interface StoredMessage extends WireMessage {
  /** A decimal number, unique within the broker's life. */
  readonly messageId: string;
  readonly publishedAtMs: number;
}
