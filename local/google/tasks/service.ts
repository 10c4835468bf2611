import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { pageOf, type RpcContext, unary } from "../../kit/google/rpc.ts";
import { wireTask } from "./queued-task.ts";
import type { Queues } from "./queues.ts";
import type { WireQueue, WireTask, WireView } from "./wire.ts";

interface PageRequest {
  readonly parent: string;
  readonly pageSize: number;
  readonly pageToken: string;
}

interface TaskRequest {
  readonly name: string;
  readonly responseView: WireView;
}

interface CreateTaskRequest {
  readonly parent: string;
  readonly task: WireTask;
  readonly responseView: WireView;
}

/** The calls of `google.cloud.tasks.v2.CloudTasks` that the emulator implements. */
export function cloudTasksService(
  queues: Queues,
  context: RpcContext,
): UntypedServiceImplementation {
  return {
    CreateQueue: unary(context, "CreateQueue", (request: { parent: string; queue: WireQueue }) =>
      queues.createQueue(request.parent, request.queue),
    ),
    GetQueue: unary(context, "GetQueue", ({ name }: { name: string }) => queues.wireQueue(name)),
    ListQueues: unary(context, "ListQueues", (request: PageRequest) => {
      const all = queues.queuesOf(request.parent);
      const { items, nextPageToken } = pageOf(all, request.pageSize, request.pageToken);
      return { queues: items, nextPageToken };
    }),
    PauseQueue: unary(context, "PauseQueue", ({ name }: { name: string }) => {
      queues.queue(name).pause();
      return queues.wireQueue(name);
    }),
    ResumeQueue: unary(context, "ResumeQueue", ({ name }: { name: string }) => {
      queues.queue(name).resume();
      return queues.wireQueue(name);
    }),
    CreateTask: unary(context, "CreateTask", (request: CreateTaskRequest) =>
      wireTask(queues.queue(request.parent).create(request.task), request.responseView),
    ),
    GetTask: unary(context, "GetTask", ({ name, responseView }: TaskRequest) =>
      wireTask(queues.queueOf(name).task(name), responseView),
    ),
    DeleteTask: unary(context, "DeleteTask", ({ name }: TaskRequest) => {
      queues.queueOf(name).delete(name);
      return {};
    }),
    RunTask: unary(context, "RunTask", ({ name, responseView }: TaskRequest) =>
      wireTask(queues.queueOf(name).run(name), responseView),
    ),
    ListTasks: unary(
      context,
      "ListTasks",
      (request: PageRequest & { readonly responseView: WireView }) => {
        const all = queues.queue(request.parent).tasks();
        const { items, nextPageToken } = pageOf(all, request.pageSize, request.pageToken);
        return { tasks: items.map((task) => wireTask(task, request.responseView)), nextPageToken };
      },
    ),
  };
}
