import { status } from "@grpc/grpc-js";
import type { LocalClock } from "../../kit/clock.ts";
import { authorizationOf } from "../../kit/google/identity-token.ts";
import { toSeconds } from "../../kit/google/protobuf-time.ts";
import type { DeliveryOutcome } from "../../kit/http/sender.ts";
import type { Timer } from "../../kit/timers.ts";
import { type AcceptedTask, idOf } from "./rules.ts";
import type { WireAttempt, WireHttpRequest, WireView } from "./wire.ts";

/** One delivery attempt of a task. */
export interface TaskAttempt {
  readonly scheduledAtMs: number;
  readonly dispatchedAtMs: number;
  respondedAtMs?: number;
  /** Absent until the attempt has ended. */
  outcome?: DeliveryOutcome;
}

/** A task's state: waiting for its time, due, in flight, or ended. */
export type TaskState = "waiting" | "due" | "dispatching" | "done" | "dropped" | "deleted";

/** A task with its state. */
export interface QueuedTask extends AcceptedTask {
  readonly name: string;
  readonly createdAtMs: number;
  /** The time of the next attempt, or of the last one. */
  nextAtMs: number;
  state: TaskState;
  attempts: TaskAttempt[];
  /** The timer that makes a waiting task due. */
  timer?: Timer;
  /** A fault has delayed it once; no other fault applies to its next attempt. */
  postponed: boolean;
}

/** gRPC codes for HTTP statuses, for an attempt's `response_status`. */
const CODE_OF_STATUS: Record<number, status> = {
  400: status.INVALID_ARGUMENT,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  404: status.NOT_FOUND,
  409: status.ABORTED,
  429: status.RESOURCE_EXHAUSTED,
  500: status.INTERNAL,
  501: status.UNIMPLEMENTED,
  503: status.UNAVAILABLE,
  504: status.DEADLINE_EXCEEDED,
};

/** Whether the worker answered 2xx: the task is done. */
export function isSuccess(outcome: DeliveryOutcome): boolean {
  return outcome.kind === "answered" && outcome.status >= 200 && outcome.status < 300;
}

/**
 * The headers of a task's next attempt.
 * https://cloud.google.com/tasks/docs/creating-http-target-tasks#handler
 */
export function dispatchHeaders(
  queueId: string,
  task: QueuedTask,
  clock: LocalClock,
): Record<string, string> {
  const statuses = task.attempts.map(({ outcome }) =>
    outcome?.kind === "answered" ? outcome.status : undefined,
  );
  const previous = task.attempts.at(-1)?.outcome;
  return {
    ...task.httpRequest.headers,
    ...identityHeader(task.httpRequest, clock),
    "X-CloudTasks-QueueName": queueId,
    "X-CloudTasks-TaskName": idOf(task.name),
    "X-CloudTasks-TaskRetryCount": String(task.attempts.length),
    "X-CloudTasks-TaskExecutionCount": String(
      statuses.filter((code) => code !== undefined && code < 500).length,
    ),
    "X-CloudTasks-TaskETA": (task.nextAtMs / 1000).toFixed(6),
    ...(previous?.kind === "answered" && {
      "X-CloudTasks-TaskPreviousResponse": String(previous.status),
    }),
    ...(previous && { "X-CloudTasks-TaskRetryReason": statusOf(previous).message }),
  };
}

/** A token whose audience is the task's, or the task's URL by default. */
function identityHeader(
  { url, oidcToken }: WireHttpRequest,
  clock: LocalClock,
): Record<string, string> {
  if (!oidcToken) return {};
  const { serviceAccountEmail: email, audience } = oidcToken;
  return { Authorization: authorizationOf({ email, audience: audience || url }, clock) };
}

/** `google.cloud.tasks.v2.Task` for a task; only the FULL view includes the body. */
export function wireTask(task: QueuedTask, view: WireView): object {
  const { body, ...withoutBody } = task.httpRequest;
  const first = task.attempts[0];
  const last = task.attempts.at(-1);
  const isFull = view === "FULL";
  return {
    name: task.name,
    httpRequest: isFull ? task.httpRequest : withoutBody,
    scheduleTime: toSeconds(task.nextAtMs),
    createTime: toSeconds(task.createdAtMs),
    dispatchDeadline: toSeconds(task.dispatchDeadlineMs),
    dispatchCount: task.attempts.length,
    responseCount: task.attempts.filter(({ outcome }) => outcome?.kind === "answered").length,
    firstAttempt: first ? { dispatchTime: toSeconds(first.dispatchedAtMs) } : null,
    lastAttempt: last ? wireAttempt(last) : null,
    view: isFull ? "FULL" : "BASIC",
  };
}

function wireAttempt(attempt: TaskAttempt): WireAttempt {
  return {
    scheduleTime: toSeconds(attempt.scheduledAtMs),
    dispatchTime: toSeconds(attempt.dispatchedAtMs),
    ...(attempt.respondedAtMs !== undefined && { responseTime: toSeconds(attempt.respondedAtMs) }),
    ...(attempt.outcome && { responseStatus: statusOf(attempt.outcome) }),
  };
}

function statusOf(outcome: DeliveryOutcome): { code: number; message: string } {
  if (outcome.kind === "answered") {
    if (isSuccess(outcome)) return { code: status.OK, message: "" };
    const code = CODE_OF_STATUS[outcome.status] ?? status.UNKNOWN;
    return { code, message: `HTTP status code ${outcome.status}` };
  }
  return outcome.reason === "deadline"
    ? { code: status.DEADLINE_EXCEEDED, message: "Deadline exceeded" }
    : { code: status.UNAVAILABLE, message: "Connection failed" };
}
