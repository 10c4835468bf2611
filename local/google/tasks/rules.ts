import { status } from "@grpc/grpc-js";
import { toMs } from "../../kit/google/protobuf-time.ts";
import { RpcError } from "../../kit/google/rpc.ts";
import type { WireHttpRequest, WireTask } from "./wire.ts";

// https://cloud.google.com/tasks/docs/quotas
/** The maximum size of a task: URL, headers and body. */
export const MAX_TASK_BYTES = 1_000_000;
const MAX_SCHEDULE_AHEAD_MS = 30 * 24 * 60 * 60 * 1000;

// https://cloud.google.com/tasks/docs/reference/rpc/google.cloud.tasks.v2#httprequest
const MAX_URL_LENGTH = 2083;
const MAX_HEADER_BYTES = 80 * 1024;
const DEFAULT_DISPATCH_DEADLINE_MS = 10 * 60 * 1000;
const MIN_DISPATCH_DEADLINE_MS = 15 * 1000;
const MAX_DISPATCH_DEADLINE_MS = 30 * 60 * 1000;
const METHODS_WITH_BODY = ["POST", "PUT", "PATCH"];

/** Headers that Cloud Tasks sets itself; a task cannot override them. */
const RESERVED_HEADER =
  /^(host|content-length|user-agent|x-google-.*|x-appengine-.*|x-cloudtasks-.*)$/i;

const LOCATION_NAME = /^projects\/[^/]+\/locations\/[^/]+$/;
const QUEUE_NAME = /^projects\/[^/]+\/locations\/[^/]+\/queues\/[A-Za-z\d-]{1,100}$/;
const TASK_NAME =
  /^(?<queue>projects\/[^/]+\/locations\/[^/]+\/queues\/[^/]+)\/tasks\/[\w-]{1,500}$/;

/** A validated task. */
export interface AcceptedTask {
  readonly httpRequest: WireHttpRequest;
  readonly scheduledAtMs: number;
  readonly dispatchDeadlineMs: number;
}

/** The last part of a resource name. */
export const idOf = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

function check(valid: boolean, message: string): asserts valid {
  if (!valid) throw new RpcError(status.INVALID_ARGUMENT, message);
}

/** Throws unless the name is "projects/PROJECT/locations/LOCATION". */
export function checkLocation(name: string): void {
  check(LOCATION_NAME.test(name), `Invalid location name: ${name}`);
}

/** Throws unless the name is a queue's name. */
export function checkQueueName(name: string): void {
  check(QUEUE_NAME.test(name), `Invalid queue name: ${name}`);
}

/** The queue's name in a task's name. */
export function queueOfTask(taskName: string): string {
  const queue = TASK_NAME.exec(taskName)?.groups?.queue;
  check(queue !== undefined, `Invalid task name: ${taskName}`);
  return queue;
}

/** Validates a task for a queue and fills in Cloud Tasks' defaults. */
export function acceptTask(queueName: string, task: WireTask, nowMs: number): AcceptedTask {
  if (task.name !== "") {
    const message = "The queue name from the request must be the same as in the task's name.";
    check(queueOfTask(task.name) === queueName, message);
  }
  const request = task.httpRequest;
  if (!request)
    throw new RpcError(
      status.UNIMPLEMENTED,
      "This emulator supports only tasks with an httpRequest.",
    );
  const scheduledAtMs = Math.max(nowMs, toMs(task.scheduleTime) ?? nowMs);
  check(
    scheduledAtMs - nowMs <= MAX_SCHEDULE_AHEAD_MS,
    "The task's schedule time is more than 30 days in the future.",
  );
  const dispatchDeadlineMs = toMs(task.dispatchDeadline) ?? DEFAULT_DISPATCH_DEADLINE_MS;
  check(
    dispatchDeadlineMs >= MIN_DISPATCH_DEADLINE_MS &&
      dispatchDeadlineMs <= MAX_DISPATCH_DEADLINE_MS,
    "The dispatch deadline must be between 15 seconds and 30 minutes.",
  );
  return { httpRequest: acceptRequest(request), scheduledAtMs, dispatchDeadlineMs };
}

function acceptRequest(request: WireHttpRequest): WireHttpRequest {
  const { url, body } = request;
  check(/^https?:\/\//.test(url) && URL.canParse(url), `Invalid url for HttpRequest: ${url}`);
  check(url.length <= MAX_URL_LENGTH, `The url is longer than ${MAX_URL_LENGTH} characters.`);
  const httpMethod = request.httpMethod === "HTTP_METHOD_UNSPECIFIED" ? "POST" : request.httpMethod;
  check(
    body.length === 0 || METHODS_WITH_BODY.includes(httpMethod),
    `HTTP Body is not allowed for a ${httpMethod} request.`,
  );
  const own = Object.entries(request.headers).filter(([name]) => !RESERVED_HEADER.test(name));
  const headerBytes = own.reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  );
  check(headerBytes < MAX_HEADER_BYTES, "The headers are larger than 80 KB.");
  check(url.length + headerBytes + body.length <= MAX_TASK_BYTES, "Task size too large.");
  const headers = { ...Object.fromEntries(own), "User-Agent": "Google-Cloud-Tasks" };
  return { ...request, httpMethod, headers };
}
