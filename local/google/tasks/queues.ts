import { status } from "@grpc/grpc-js";
import { RpcError } from "../../kit/google/rpc.ts";
import type { PersistentState } from "../../kit/persistent-state.ts";
import { policyOf, type QueuePlan, wireQueue } from "./queue-plan.ts";
import type { QueuedTask } from "./queued-task.ts";
import { checkLocation, checkQueueName, queueOfTask } from "./rules.ts";
import { type PersistentTasks, TaskQueue, type TaskQueueContext } from "./task-queue.ts";
import type { WireQueue } from "./wire.ts";

/** How many of the latest tasks are stored for timelines. */
const MAX_REMEMBERED = 10_000;

/** Ids of unnamed tasks look like Google's: long numbers. */
const FIRST_TASK_ID = 10_000_000_000_000_000_001n;

/** All queues by their full names. */
export class Queues {
  #context: TaskQueueContext;
  #queues = new Map<string, TaskQueue>();
  #remembered: QueuedTask[] = [];
  #nextTaskId = FIRST_TASK_ID;

  constructor(context: Omit<TaskQueueContext, "newTaskId" | "onCreated">) {
    this.#context = {
      ...context,
      newTaskId: () => String(this.#nextTaskId++),
      onCreated: (task) => this.#remember(task),
    };
  }

  /** Stores waiting tasks in `state`. They continue towards their time once everything runs. */
  persistIn(state: PersistentState): void {
    let saved = new Map<string, PersistentTasks>();
    state.part(
      "tasks",
      () => ({
        nextTaskId: this.#nextTaskId,
        queues: new Map([...this.#queues].map(([name, queue]) => [name, queue.unfinished()])),
      }),
      ({ nextTaskId, queues }) => {
        this.#nextTaskId = nextTaskId;
        saved = queues;
      },
    );
    state.onResume(() => {
      for (const [name, tasks] of saved) this.#queues.get(name)?.restore(tasks);
    });
  }

  add(name: string, policy: QueuePlan): void {
    checkQueueName(name);
    if (this.#queues.has(name)) {
      throw new RpcError(status.ALREADY_EXISTS, "Queue already exists");
    }
    this.#queues.set(name, new TaskQueue(name, policy, this.#context));
  }

  createQueue(parent: string, queue: WireQueue): WireQueue {
    checkLocation(parent);
    if (!queue.name.startsWith(`${parent}/queues/`)) {
      throw new RpcError(status.INVALID_ARGUMENT, `The queue must be in ${parent}.`);
    }
    this.add(queue.name, policyOf(queue));
    return this.wireQueue(queue.name);
  }

  queue(name: string): TaskQueue {
    checkQueueName(name);
    const queue = this.#queues.get(name);
    if (!queue) throw new RpcError(status.NOT_FOUND, "Queue does not exist.");
    return queue;
  }

  /** The queue in a task's name. */
  queueOf(taskName: string): TaskQueue {
    return this.queue(queueOfTask(taskName));
  }

  wireQueue(name: string): WireQueue {
    const { policy, isPaused } = this.queue(name);
    return wireQueue(name, policy, isPaused);
  }

  queuesOf(location: string): WireQueue[] {
    checkLocation(location);
    return [...this.#queues.values()]
      .filter(({ name }) => name.startsWith(`${location}/queues/`))
      .map(({ name, policy, isPaused }) => wireQueue(name, policy, isPaused));
  }

  /** The latest tasks of all queues, including ended ones, in order of creation. */
  remembered(): readonly QueuedTask[] {
    return this.#remembered;
  }

  stop(): void {
    for (const queue of this.#queues.values()) queue.stop();
  }

  #remember(task: QueuedTask): void {
    this.#remembered.push(task);
    if (this.#remembered.length > MAX_REMEMBERED) this.#remembered.shift();
  }
}
