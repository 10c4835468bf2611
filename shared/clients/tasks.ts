import { createHash } from "node:crypto";
import type { CloudTasksClient } from "@google-cloud/tasks";
import type { EventBase, TaskDefinition } from "../events/define-event.ts";
import type { Config } from "../runtime/config.ts";
import { lazy } from "../runtime/lazy.ts";

/** gRPC status 6: a task of this name exists or existed within the hour. */
const ALREADY_EXISTS = 6;
/** `createTask` is not retried by its client; with a name, asking again is harmless. */
const MAX_ATTEMPTS = 3;

/** Puts work in a queue for later. */
export interface TaskQueue {
  /**
   * Resolves once Cloud Tasks has the task, due at `dueAt`. Enqueuing the same id again within an
   * hour of its end changes nothing; later it runs again, so the worker must bear repeats.
   */
  enqueue<T extends EventBase>(task: TaskDefinition<T>, payload: T, dueAt: Date): Promise<void>;
}

/**
 * Connects to Cloud Tasks, or to `CLOUD_TASKS_EMULATOR_HOST`. A queue's tasks are posted to
 * `FUNCTIONS_BASE_URL/<queue>`, signed as `TASKS_SERVICE_ACCOUNT` where one is set.
 * https://cloud.google.com/nodejs/docs/reference/tasks/latest
 */
export function connectTasks(
  config: Config<
    | "GOOGLE_CLOUD_PROJECT"
    | "GOOGLE_CLOUD_REGION"
    | "CLOUD_TASKS_EMULATOR_HOST"
    | "FUNCTIONS_BASE_URL"
    | "TASKS_SERVICE_ACCOUNT"
  >,
): TaskQueue {
  const client = lazy(async () => openClient(config.CLOUD_TASKS_EMULATOR_HOST));

  return {
    async enqueue(task, payload, dueAt) {
      const tasks = await client();
      const parent = tasks.queuePath(
        config.GOOGLE_CLOUD_PROJECT,
        config.GOOGLE_CLOUD_REGION,
        task.queue,
      );
      const url = `${config.FUNCTIONS_BASE_URL}/${task.queue}`;
      const account = config.TASKS_SERVICE_ACCOUNT;
      const request = {
        parent,
        task: {
          name: `${parent}/tasks/${taskId(payload.id)}`,
          scheduleTime: { seconds: Math.floor(dueAt.getTime() / 1000) },
          httpRequest: {
            httpMethod: "POST" as const,
            url,
            headers: { "content-type": "application/json" },
            body: Buffer.from(JSON.stringify(task.schema.parse(payload))),
            ...(account ? { oidcToken: { serviceAccountEmail: account, audience: url } } : {}),
          },
        },
      };
      await createTask(tasks, request);
    },
  };
}

/** A name that spreads: sequential or timestamped names slow the whole queue down. */
export function taskId(eventId: string): string {
  return createHash("sha256").update(eventId).digest("hex");
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

async function createTask(
  tasks: CloudTasksClient,
  request: Parameters<CloudTasksClient["createTask"]>[0],
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await tasks.createTask(request);
      return;
    } catch (error) {
      if ((error as { code?: unknown }).code === ALREADY_EXISTS) return;
      if (attempt === MAX_ATTEMPTS) throw error;
    }
  }
}
