/** The part of Cloud Tasks' API that this project uses. */
export interface Queues {
  /**
   * Resolves once Cloud Tasks has the task. Rejects with the gRPC code ALREADY_EXISTS if a task with this name
   * exists or ended within the last hour.
   */
  create(queue: string, task: NewTask): Promise<void>;
}

/** A new task: a POST request that is due at a given time. */
export interface NewTask {
  /** Unique in its queue. Letters, digits, hyphens and underscores, at most 500. */
  readonly name: string;
  /** Precise to the millisecond. */
  readonly dueAt: Date;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The service account whose identity token it carries, with `url` as audience; undefined for no token. */
  readonly account: string | undefined;
}
