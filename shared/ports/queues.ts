/** Cloud Tasks, as far as this project puts tasks into its queues. */
export interface Queues {
  /**
   * Resolves once Cloud Tasks has the task. Rejects with the gRPC code ALREADY_EXISTS where a task of this
   * name exists, or ended within the hour.
   */
  create(queue: string, task: NewTask): Promise<void>;
}

/** A task as it is put into a queue: a POST that is due at a time. */
export interface NewTask {
  /** Unique in its queue. Letters, digits, hyphens and underscores, 500 at most. */
  readonly name: string;
  /** To the second. */
  readonly dueAt: Date;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The service account whose identity token it carries, made out to `url`; none where undefined. */
  readonly account: string | undefined;
}
