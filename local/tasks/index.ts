import { Server } from "@grpc/grpc-js";
import type { Queues as QueuesPort } from "../../shared/ports/queues.ts";
import { Activity } from "../kit/activity.ts";
import type { LocalClock } from "../kit/clock.ts";
import type { FaultPlan } from "../kit/faults.ts";
import { listenGrpcIf, loadProto } from "../kit/grpc.ts";
import type { InProcessFetch } from "../kit/in-process.ts";
import type { PersistentState } from "../kit/persistent-state.ts";
import { googleProtos, type RpcContext, serviceDefinition } from "../kit/rpc.ts";
import { HttpSender } from "../kit/sender.ts";
import { directQueues } from "./direct-queues.ts";
import type { QueuePlan } from "./queue-plan.ts";
import type { TaskAttempt, TaskState } from "./queued-task.ts";
import { Queues } from "./queues.ts";
import { idOf, MAX_TASK_BYTES, queueOfTask } from "./rules.ts";
import { cloudTasksService } from "./service.ts";

export type { QueuePlan };

/** Room to receive, and so to refuse by name, tasks that are too large. */
const MAX_REQUEST_BYTES = 16 * MAX_TASK_BYTES;

/** What started Cloud Tasks is given. */
export interface TasksOptions {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  /** A free one by default. */
  readonly port?: number;
  /** How it calls endpoints of ours; over sockets by default. */
  readonly fetch?: InProcessFetch | undefined;
  /** The state that an earlier run left and a later one continues. */
  readonly state?: PersistentState | undefined;
  /** Whether it listens for gRPC; it does unless told. */
  readonly isListening?: boolean | undefined;
  readonly projectId: string;
  readonly location: string;
  /** The queues there are from the start. */
  readonly queues: readonly QueuePlan[];
}

/** A task and what became of it, as a timeline shows it. */
interface TaskRecord {
  readonly queueId: string;
  readonly taskId: string;
  readonly url: string;
  readonly body: Buffer;
  readonly createdAtMs: number;
  readonly scheduledAtMs: number;
  readonly state: TaskState;
  readonly attempts: readonly Readonly<TaskAttempt>[];
}

/** Running Cloud Tasks of the local cloud. */
export interface TasksEmulator {
  /** "127.0.0.1:PORT", for CLOUD_TASKS_EMULATOR_HOST. */
  readonly host: string;
  /** Creating tasks without gRPC, as one instance of a function does it. */
  queues(random: () => number): QueuesPort;
  stop(): Promise<void>;
  /** No task is due or in flight: what there is waits for its time. */
  idle(): boolean;
  /** Resolves when `idle()` holds; at once when it does. */
  whenIdle(): Promise<void>;
  /** The latest tasks, ended ones included, oldest first. */
  tasks(): TaskRecord[];
}

/**
 * Starts Cloud Tasks over gRPC without TLS: a client reaches it with `apiEndpoint`, `port` and
 * insecure `sslCreds`. Tasks with an HTTP target are dispatched when the local clock reaches their
 * time, as the account they ask for, and retried by their queue's policy.
 * Faults strike calls by their name ("CreateTask") and dispatches as "dispatch QUEUE_ID".
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
    tasks: () =>
      queues.remembered().map(({ name, httpRequest: { url, body }, ...task }) => ({
        queueId: idOf(queueOfTask(name)),
        taskId: idOf(name),
        url,
        body,
        createdAtMs: task.createdAtMs,
        scheduledAtMs: task.scheduledAtMs,
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
