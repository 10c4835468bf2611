import { Server } from "@grpc/grpc-js";
import type { Queues as QueuesPort } from "../../../shared/ports/queues.ts";
import { Activity } from "../../kit/activity.ts";
import type { LocalClock } from "../../kit/clock.ts";
import type { FaultPlan } from "../../kit/faults.ts";
import { listenGrpcIf, loadProto } from "../../kit/google/grpc.ts";
import { googleProtos, type RpcContext, serviceDefinition } from "../../kit/google/rpc.ts";
import type { InProcessFetch } from "../../kit/http/in-process.ts";
import { HttpSender } from "../../kit/http/sender.ts";
import type { PersistentState } from "../../kit/persistent-state.ts";
import { directQueues } from "./direct-queues.ts";
import type { QueuePlan } from "./queue-plan.ts";
import type { TaskAttempt, TaskState } from "./queued-task.ts";
import { Queues } from "./queues.ts";
import { idOf, MAX_TASK_BYTES, queueOfTask } from "./rules.ts";
import { cloudTasksService } from "./service.ts";

export type { QueuePlan };

/** Large enough to receive oversized tasks and refuse them with a proper error. */
const MAX_REQUEST_BYTES = 16 * MAX_TASK_BYTES;

/** Options of `startTasks`. */
export interface TasksOptions {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  /** A free port by default. */
  readonly port?: number;
  /** Calls the application's endpoints; over sockets by default. */
  readonly fetch?: InProcessFetch | undefined;
  /** State that an earlier run stored and this run continues. */
  readonly state?: PersistentState | undefined;
  /** Whether it listens for gRPC; true by default. */
  readonly isListening?: boolean | undefined;
  readonly projectId: string;
  readonly location: string;
  /** The initial queues. */
  readonly queues: readonly QueuePlan[];
}

/** A task and its outcome, for timelines. */
interface TaskRecord {
  readonly queueId: string;
  readonly taskId: string;
  readonly url: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly createdAtMs: number;
  readonly scheduledAtMs: number;
  /** The time of the next attempt, or of the last one. */
  readonly nextAtMs: number;
  readonly state: TaskState;
  readonly attempts: readonly Readonly<TaskAttempt>[];
}

/** The running Cloud Tasks emulator. */
export interface TasksEmulator {
  /** "127.0.0.1:PORT", for CLOUD_TASKS_EMULATOR_HOST. */
  readonly host: string;
  /** Creates tasks without gRPC, like one instance of a function. */
  queues(random: () => number): QueuesPort;
  stop(): Promise<void>;
  /** Whether no task is due or in flight; tasks scheduled for later do not count. */
  idle(): boolean;
  /** Resolves when `idle()` is true; immediately if it already is. */
  whenIdle(): Promise<void>;
  /** Dispatches a waiting task now, as the console's "Run now" does. Throws if it no longer waits. */
  runNow(queueId: string, taskId: string): void;
  /** The latest tasks, including ended ones, oldest first. */
  tasks(): TaskRecord[];
}

/**
 * Starts a Cloud Tasks emulator over gRPC without TLS: set `apiEndpoint`, `port` and insecure
 * `sslCreds` on a client. Tasks with an HTTP target are dispatched when the local clock reaches
 * their time, with the requested service account, and retried by their queue's policy. Planned
 * faults apply to calls by name ("CreateTask") and to dispatches as "dispatch QUEUE_ID".
 */
export async function startTasks(options: TasksOptions): Promise<TasksEmulator> {
  const { clock, faults, projectId, location } = options;
  const activity = new Activity();
  const sender = new HttpSender(clock, options.fetch);
  const queues = new Queues({ clock, faults, sender, activity });
  if (options.state) queues.persistIn(options.state);
  for (const policy of options.queues) {
    queues.add(`projects/${projectId}/locations/${location}/queues/${policy.id}`, policy);
  }
  const context = { target: "tasks", clock, faults } as const;
  const { isListening = true, port } = options;
  const service = await listenGrpcIf(isListening, () => serverOf(queues, context), port);
  return {
    host: service.host,
    queues: (random) =>
      directQueues(queues, { ...context, random }, `projects/${projectId}/locations/${location}`),
    stop: async () => {
      queues.stop();
      sender.stop();
      await service.stop();
    },
    idle: () => activity.idle,
    whenIdle: () => activity.whenIdle(),
    runNow: (queueId, taskId) => {
      const queue = queues.queue(`projects/${projectId}/locations/${location}/queues/${queueId}`);
      queue.run(`${queue.name}/tasks/${taskId}`);
    },
    tasks: () =>
      queues.remembered().map(({ name, httpRequest: { url, body, headers }, ...task }) => ({
        queueId: idOf(queueOfTask(name)),
        taskId: idOf(name),
        url,
        body,
        headers,
        createdAtMs: task.createdAtMs,
        scheduledAtMs: task.scheduledAtMs,
        nextAtMs: task.nextAtMs,
        state: task.state,
        attempts: task.attempts,
      })),
  };
}

function serverOf(queues: Queues, context: RpcContext): Server {
  const server = new Server({ "grpc.max_receive_message_length": MAX_REQUEST_BYTES });
  const proto = loadProto("google/cloud/tasks/v2/cloudtasks.proto", [
    googleProtos("@google-cloud/tasks"),
    googleProtos("google-gax"),
  ]);
  server.addService(
    serviceDefinition(proto, "google.cloud.tasks.v2.CloudTasks"),
    cloudTasksService(queues, context),
  );
  return server;
}
