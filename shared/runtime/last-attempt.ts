/** What of a queue's policy says how long it tries. */
interface Patience {
  readonly maxAttempts: number;
  readonly maxRetryDurationSeconds: number;
  readonly minimumBackoffSeconds: number;
  readonly maximumBackoffSeconds: number;
  readonly maxDoublings: number;
}

/** Tries take time too, so that a queue may give up before the sum of its waits says so. */
const PART_OF_TIME = 0.8;

/**
 * The attempt at which a task is given up by us, the first being 1: Cloud Tasks drops one without a word
 * after both its limits, so it is kept for the operators shortly before.
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

/** Doubles so many times, then grows by the last step. */
function backoffSeconds(
  attempt: number,
  { minimumBackoffSeconds, maximumBackoffSeconds, maxDoublings }: Patience,
): number {
  const doubled = minimumBackoffSeconds * 2 ** Math.min(attempt - 1, maxDoublings);
  const further = Math.max(0, attempt - 1 - maxDoublings) * doubled;
  return Math.min(maximumBackoffSeconds, doubled + further);
}
