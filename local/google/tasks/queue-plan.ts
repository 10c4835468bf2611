import { toMs, toSeconds } from "../../kit/google/protobuf-time.ts";
import type { WireQueue } from "./wire.ts";

/** A queue's limits and retry policy. */
export interface QueuePlan {
  /** The short id; project and location are the emulator's. */
  readonly id: string;
  /** Includes the first attempt; -1 means unlimited. */
  readonly maxAttempts: number;
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  /** How often the back-off doubles before it grows linearly. */
  readonly maxDoublings: number;
  /**
   * Unlimited by default, or if 0. A task is dropped when both this and `maxAttempts` are
   * exhausted.
   */
  readonly maxRetryDurationMs?: number;
  readonly maxConcurrentDispatches: number;
  readonly maxDispatchesPerSecond?: number;
}

// https://cloud.google.com/tasks/docs/configuring-queues
const DEFAULT_MAX_ATTEMPTS = 100;
const DEFAULT_MIN_BACKOFF_MS = 100;
const DEFAULT_MAX_BACKOFF_MS = 3_600_000;
const DEFAULT_MAX_DOUBLINGS = 16;
const DEFAULT_CONCURRENT_DISPATCHES = 1000;

/** The maximum rate of a queue, and the default: https://cloud.google.com/tasks/docs/quotas */
export const MAX_DISPATCHES_PER_SECOND = 500;

/** The policy of a queue created over gRPC, with Cloud Tasks' defaults. */
export function policyOf(queue: WireQueue): QueuePlan {
  const { retryConfig, rateLimits } = queue;
  const maxRetryDurationMs = toMs(retryConfig?.maxRetryDuration);
  return {
    id: queue.name.slice(queue.name.lastIndexOf("/") + 1),
    maxAttempts: retryConfig?.maxAttempts || DEFAULT_MAX_ATTEMPTS,
    minBackoffMs: toMs(retryConfig?.minBackoff) ?? DEFAULT_MIN_BACKOFF_MS,
    maxBackoffMs: toMs(retryConfig?.maxBackoff) ?? DEFAULT_MAX_BACKOFF_MS,
    maxDoublings: retryConfig?.maxDoublings || DEFAULT_MAX_DOUBLINGS,
    ...(maxRetryDurationMs && { maxRetryDurationMs }),
    maxConcurrentDispatches: rateLimits?.maxConcurrentDispatches || DEFAULT_CONCURRENT_DISPATCHES,
    maxDispatchesPerSecond: rateLimits?.maxDispatchesPerSecond || MAX_DISPATCHES_PER_SECOND,
  };
}

/** `google.cloud.tasks.v2.Queue` for a policy. */
export function wireQueue(
  name: string,
  policy: QueuePlan,
  isPaused: boolean,
): WireQueue & { state: string } {
  return {
    name,
    state: isPaused ? "PAUSED" : "RUNNING",
    rateLimits: {
      maxDispatchesPerSecond: policy.maxDispatchesPerSecond ?? MAX_DISPATCHES_PER_SECOND,
      maxConcurrentDispatches: policy.maxConcurrentDispatches,
    },
    retryConfig: {
      maxAttempts: policy.maxAttempts,
      maxRetryDuration: policy.maxRetryDurationMs ? toSeconds(policy.maxRetryDurationMs) : null,
      minBackoff: toSeconds(policy.minBackoffMs),
      maxBackoff: toSeconds(policy.maxBackoffMs),
      maxDoublings: policy.maxDoublings,
    },
  };
}

/** The back-off after the given number of failed attempts: first doubling, then linear. */
export function backoffMs(policy: QueuePlan, attempts: number): number {
  const doublings = Math.min(attempts - 1, policy.maxDoublings);
  const steps = Math.max(1, attempts - policy.maxDoublings);
  return Math.min(policy.maxBackoffMs, policy.minBackoffMs * 2 ** doublings * steps);
}

/** Whether a task is dropped after these attempts and this time since its first one. */
export function isExhausted(policy: QueuePlan, attempts: number, elapsedMs: number): boolean {
  const { maxAttempts, maxRetryDurationMs = 0 } = policy;
  const limitsAttempts = maxAttempts > 0;
  const limitsDuration = maxRetryDurationMs > 0;
  if (!limitsAttempts && !limitsDuration) return false;
  return (
    (!limitsAttempts || attempts >= maxAttempts) &&
    (!limitsDuration || elapsedMs >= maxRetryDurationMs)
  );
}
