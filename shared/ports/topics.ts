/** Pub/Sub, as far as this project publishes to it. */
export interface Topics {
  /**
   * Resolves once Pub/Sub has the message; rejects when it did not say so in time, in which case it may
   * have it all the same.
   */
  publish(topic: string, message: TopicMessage): Promise<void>;
}

/** A message as it is published. */
export interface TopicMessage {
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
}
