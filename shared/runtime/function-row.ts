import type { SettingName } from "./config.ts";

/** What calls a function. */
export type Trigger =
  | { readonly kind: "http"; readonly isPublic: boolean }
  | {
      readonly kind: "topic";
      readonly topic: string;
      /** Only messages whose attributes have these values. */
      readonly filter?: Filter;
      readonly retry: RetryPolicy;
    }
  | { readonly kind: "queue"; readonly retry: QueuePolicy }
  /** Cloud Scheduler calls it; a run that is still going on is not started again. */
  | { readonly kind: "schedule"; readonly everyMinutes: number };

/** Which messages of a topic a subscription is given: by a whole value, or its beginning. */
export type Filter = Readonly<Record<string, string | { readonly startsWith: string }>>;

/** How Pub/Sub delivers again what was not acknowledged. */
export interface RetryPolicy {
  readonly minimumBackoffSeconds: number;
  readonly maximumBackoffSeconds: number;
  /** Where a message goes after so many attempts; none means: try until the topic forgets it. */
  readonly deadLetter?: { readonly topic: string; readonly maxDeliveryAttempts: number };
}

/** How Cloud Tasks calls again. Both limits must be reached before it gives a task up. */
export interface QueuePolicy {
  readonly maxAttempts: number;
  readonly maxRetryDurationSeconds: number;
  readonly minimumBackoffSeconds: number;
  readonly maximumBackoffSeconds: number;
  readonly maxDoublings: number;
  readonly maxConcurrentDispatches: number;
}

/** One deployed function. The name is its handler's file, its URL's last part and its queue's. */
export interface FunctionRow {
  /** One sentence for `docs/reference/functions.md`. */
  readonly does: string;
  readonly trigger: Trigger;
  readonly memoryMiB: number;
  readonly cpu: number;
  readonly concurrency: number;
  readonly minInstances: number;
  readonly maxInstances: number;
  readonly timeoutSeconds: number;
  /** The largest body it accepts; what `MAX_BODY_BYTES` says for its trigger without it. */
  readonly maxBodyBytes?: number;
  /** Topics it may publish to. */
  readonly publishes: readonly string[];
  /** Queues it may put tasks in. */
  readonly enqueues: readonly string[];
  /** Settings it is given; the secret ones from Secret Manager. */
  readonly settings: readonly SettingName[];
  /** Settings that its feature defines and reads by itself. */
  readonly ownSettings?: readonly string[];
  /** How long one publish may take, with its retries. */
  readonly publishDeadlineMs: number;
  /** The module that wires its dependencies, where it needs far fewer than its feature's `deps.ts` wires. */
  readonly deps?: string;
}

/** The functions that a feature deploys, by their names. */
export type FunctionRows = Readonly<Record<string, FunctionRow>>;
