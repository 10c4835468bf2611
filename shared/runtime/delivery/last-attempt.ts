/** The part of a queue's policy that determines how long it retries. */
interface Patience {
  readonly maxAttempts: number;
  readonly maxRetryDurationSeconds: number;
  readonly minimumBackoffSeconds: number;
  readonly maximumBackoffSeconds: number;
  readonly maxDoublings: number;
}

/** Attempts take time too, so a queue may give up before the sum of its delays reaches the limit. */
const PART_OF_TIME = 0.8;

/**
 * The attempt at which we give up a task; the first is 1. Cloud Tasks silently drops a task after both its limits,
 * so the task becomes a dead letter shortly before.
 * https://cloud.google.com/tasks/docs/reference/rest/v2/projects.locations.queues#retryconfig
 */
export function lastAttemptOf(policy: Patience): number {
  const untilSeconds = policy.maxRetryDurationSeconds * PART_OF_TIME;
  let waitedSeconds = 0;
  let attempt = 1;
  while (attempt < policy.maxAttempts || waitedSeconds < untilSeconds) {
    waitedSeconds += backoffSeconds(attempt, policy);
    attempt += 1;
  }
  return attempt;
}

/** The delay doubles `maxDoublings` times, then grows by the last step. */
function backoffSeconds(
  attempt: number,
  { minimumBackoffSeconds, maximumBackoffSeconds, maxDoublings }: Patience,
): number {
  const doubled = minimumBackoffSeconds * 2 ** Math.min(attempt - 1, maxDoublings);
  const further = Math.max(0, attempt - 1 - maxDoublings) * doubled;
  return Math.min(maximumBackoffSeconds, doubled + further);
}
