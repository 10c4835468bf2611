import { createHash } from "node:crypto";
import type { CloudTasksClient } from "@google-cloud/tasks";
import type { EventBase, TaskDefinition } from "../events/define-event.ts";
import { toWire } from "../events/wire.ts";
import type { NewTask, Queues } from "../ports/queues.ts";
import { type Config, forFunction } from "../runtime/config.ts";
import { lazy } from "../runtime/lazy.ts";
import { currentTraceparent, TASK_TRACEPARENT, TRACEPARENT } from "../runtime/trace.ts";

/** gRPC status 6: a task of this name exists or existed within the hour. */
const ALREADY_EXISTS = 6;
/** `createTask` is not retried by its client; with a name, asking again is harmless. */
const MAX_ATTEMPTS = 3;

/** Puts work in a queue for later. */
export interface TaskQueue {
  /**
   * Resolves once Cloud Tasks has the task, due at `dueAt`. Enqueuing the same id again within an
   * hour of its end changes nothing; later it runs again, so the worker must be idempotent.
   */
  enqueue<T extends EventBase>(task: TaskDefinition<T>, payload: T, dueAt: Date): Promise<void>;
}

/**
 * Puts tasks into their queues. A queue's tasks are posted to the function of its name at
 * `FUNCTION_URL_TEMPLATE`, signed as the queue's `TASKS_SERVICE_ACCOUNT` where one is set, with that same
 * address as audience (https://cloud.google.com/run/docs/triggering/using-tasks), and carry the trace of
 * their creator along.
 */
export function createTaskQueue(
  config: Config<"FUNCTION_URL_TEMPLATE" | "TASKS_SERVICE_ACCOUNT">,
  queues: Queues,
): TaskQueue {
  return {
    async enqueue(task, payload, dueAt) {
      const { FUNCTION_URL_TEMPLATE: urls, TASKS_SERVICE_ACCOUNT: accounts } = config;
      await createOnce(queues, task.queue, {
        name: taskId(payload.id),
        dueAt,
        url: forFunction(urls, task.queue),
        headers: { "content-type": "application/json", ...traceHeaders() },
        body: toWire(task, payload),
        account: accounts && forFunction(accounts, task.queue),
      });
    },
  };
}

async function createOnce(queues: Queues, queue: string, task: NewTask): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await queues.create(queue, task);
      return;
    } catch (error) {
      if ((error as { code?: unknown }).code === ALREADY_EXISTS) return;
      if (attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/** The trace twice: for Google's own log of the request, and for us. */
function traceHeaders(): Record<string, string> {
  const traceparent = currentTraceparent();
  return traceparent ? { [TRACEPARENT]: traceparent, [TASK_TRACEPARENT]: traceparent } : {};
}

/** A task's name. It is a hash because sequential names slow the whole queue down. */
export function taskId(eventId: string): string {
  return createHash("sha256").update(eventId).digest("hex");
}

/**
 * Connects to Cloud Tasks, or to `CLOUD_TASKS_EMULATOR_HOST`.
 * https://cloud.google.com/nodejs/docs/reference/tasks/latest
 */
export function connectQueues(
  config: Config<"GOOGLE_CLOUD_PROJECT" | "GOOGLE_CLOUD_REGION" | "CLOUD_TASKS_EMULATOR_HOST">,
): Queues {
  const client = lazy(async () => openClient(config.CLOUD_TASKS_EMULATOR_HOST));
  return {
    async create(queue, { name, dueAt, url, headers, body, account }) {
      const tasks = await client();
      const { GOOGLE_CLOUD_PROJECT: project, GOOGLE_CLOUD_REGION: region } = config;
      const parent = tasks.queuePath(project, region, queue);
      const httpRequest = {
        httpMethod: "POST" as const,
        url,
        headers,
        body,
        ...(account ? { oidcToken: { serviceAccountEmail: account, audience: url } } : {}),
      };
      // Rounding down to the second would run the task before its work is due.
      const dueMs = dueAt.getTime();
      const scheduleTime = { seconds: Math.floor(dueMs / 1000), nanos: (dueMs % 1000) * 1_000_000 };
      await tasks.createTask({
        parent,
        task: { name: `${parent}/tasks/${name}`, scheduleTime, httpRequest },
      });
    },
  };
}

async function openClient(emulatorHost: string | undefined): Promise<CloudTasksClient> {
  const { CloudTasksClient } = await import("@google-cloud/tasks");
  if (!emulatorHost) return new CloudTasksClient();
  const { credentials } = await import("@grpc/grpc-js");
  const { hostname, port } = new URL(`http://${emulatorHost}`);
  return new CloudTasksClient({
    apiEndpoint: hostname,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
  });
}
