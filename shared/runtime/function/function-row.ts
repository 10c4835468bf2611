import type { SettingName } from "../config.ts";

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
  /** Cloud Scheduler calls it; it does not start a run while another one is going on. */
  | { readonly kind: "schedule"; readonly everyMinutes: number };

/** Selects a topic's messages by attributes: each by its value, or by its prefix. */
export type Filter = Readonly<Record<string, string | { readonly startsWith: string }>>;

/** How Pub/Sub redelivers messages that were not acknowledged. */
export interface RetryPolicy {
  readonly minimumBackoffSeconds: number;
  readonly maximumBackoffSeconds: number;
  /** Where a message goes after this many attempts; without it, Pub/Sub retries until the topic drops the message. */
  readonly deadLetter?: { readonly topic: string; readonly maxDeliveryAttempts: number };
}

/** How Cloud Tasks retries. It gives up a task only after both limits are reached. */
export interface QueuePolicy {
  readonly maxAttempts: number;
  readonly maxRetryDurationSeconds: number;
  readonly minimumBackoffSeconds: number;
  readonly maximumBackoffSeconds: number;
  readonly maxDoublings: number;
  readonly maxConcurrentDispatches: number;
}

/** One deployed function. Its name is also its handler's file, the last part of its URL and its queue. */
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
  /** The largest body it accepts; by default `MAX_BODY_BYTES` of its trigger. */
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

/** The functions that a feature deploys, by name. */
export type FunctionRows = Readonly<Record<string, FunctionRow>>;
