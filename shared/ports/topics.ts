/** The part of Pub/Sub's API that this project uses. */
export interface Topics {
  /**
   * Resolves once Pub/Sub has the message. Rejects if Pub/Sub does not confirm that in time; it may have the message
   * nevertheless.
   */
  publish(topic: string, message: TopicMessage): Promise<void>;
}

/** A new message. */
export interface TopicMessage {
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
}
