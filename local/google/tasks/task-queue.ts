import { status } from "@grpc/grpc-js";
import type { Activity } from "../../kit/activity.ts";
import type { LocalClock } from "../../kit/clock.ts";
import { type Due, saysOf } from "../../kit/due.ts";
import type { Fault, FaultPlan } from "../../kit/faults.ts";
import { RpcError } from "../../kit/google/rpc.ts";
import type { DeliveryOutcome, HttpSender } from "../../kit/http/sender.ts";
import { Postponer } from "../../kit/postponer.ts";
import { type Timer, Timers } from "../../kit/timers.ts";
import { DispatchRate } from "./dispatch-rate.ts";
import { backoffMs, isExhausted, MAX_DISPATCHES_PER_SECOND, type QueuePlan } from "./queue-plan.ts";
import { dispatchHeaders, isSuccess, type QueuedTask, type TaskAttempt } from "./queued-task.ts";
import { acceptTask } from "./rules.ts";
import type { WireTask } from "./wire.ts";

/** What `TaskQueue` needs. */
export interface TaskQueueContext {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  readonly sender: HttpSender;
  readonly activity: Activity;
  /** Creates an id for a task without a name. */
  readonly newTaskId: () => string;
  /** Called for every created task. */
  readonly onCreated: (task: QueuedTask) => void;
}

/** The state of a queue that outlives the process. */
export interface PersistentTasks {
  readonly tasks: readonly QueuedTask[];
  readonly endedAtMs: ReadonlyMap<string, number>;
  readonly isPaused: boolean;
}

/**
 * How long a task's name stays reserved after the task:
 * https://cloud.google.com/tasks/docs/reference/rpc/google.cloud.tasks.v2#createtaskrequest
 */
const NAME_BLOCKED_MS = 60 * 60 * 1000;

/** Statuses with which a worker asks its queue to slow down. */
const OVERLOAD_STATUSES = [429, 503];

/** One queue: stores tasks until their time, dispatches them within its limits, and retries. */
export class TaskQueue {
  readonly name: string;
  readonly policy: QueuePlan;
  #context: TaskQueueContext;
  #timers: Timers;
  #postponer: Postponer;
  #rate: DispatchRate;
  #tasks = new Map<string, QueuedTask>();
  /** Names of ended tasks with their end times, oldest first. */
  #endedAtMs = new Map<string, number>();
  #due: QueuedTask[] = [];
  /** Tasks that became due while the queue was paused. */
  #held = new Set<QueuedTask>();
  #isPaused = false;
  #dispatching = 0;
  #throttle: Timer | undefined;
  #stopped = false;

  constructor(name: string, policy: QueuePlan, context: TaskQueueContext) {
    this.name = name;
    this.policy = policy;
    this.#context = context;
    this.#timers = new Timers(context.clock);
    this.#postponer = new Postponer(this.#timers);
    const perSecond = policy.maxDispatchesPerSecond ?? MAX_DISPATCHES_PER_SECOND;
    this.#rate = new DispatchRate(perSecond, context.clock.nowMs());
  }

  create(asked: WireTask): QueuedTask {
    const nowMs = this.#context.clock.nowMs();
    const accepted = acceptTask(this.name, asked, nowMs);
    this.#checkNameIsFree(asked.name, nowMs);
    const task: QueuedTask = {
      ...accepted,
      name: asked.name || `${this.name}/tasks/${this.#context.newTaskId()}`,
      createdAtMs: nowMs,
      nextAtMs: accepted.scheduledAtMs,
      state: "waiting",
      attempts: [],
      postponed: false,
    };
    this.#tasks.set(task.name, task);
    this.#context.onCreated(task);
    this.#schedule(task, accepted.scheduledAtMs);
    return task;
  }

  task(name: string): QueuedTask {
    const task = this.#tasks.get(name);
    if (task) return task;
    throw new RpcError(
      status.NOT_FOUND,
      this.#endedAtMs.has(name)
        ? "The task no longer exists, though a task with this name existed recently."
        : "The task does not exist.",
    );
  }

  /** All unfinished tasks and reserved names, as plain data. */
  unfinished(): PersistentTasks {
    const tasks = this.tasks().map(({ timer: _timer, ...task }) => task);
    return { tasks, endedAtMs: this.#endedAtMs, isPaused: this.#isPaused };
  }

  /** Restores the state of an earlier run; tasks that were in flight are dispatched again. */
  restore({ tasks, endedAtMs, isPaused }: PersistentTasks): void {
    this.#isPaused = isPaused;
    for (const [name, atMs] of endedAtMs) this.#endedAtMs.set(name, atMs);
    for (const task of tasks) {
      this.#tasks.set(task.name, task);
      this.#context.onCreated(task);
      this.#schedule(task, task.nextAtMs);
    }
  }

  tasks(): QueuedTask[] {
    return [...this.#tasks.values()];
  }

  /** Deletes a task. A dispatch in flight continues, but its outcome is ignored. */
  delete(name: string): void {
    const task = this.task(name);
    const wasDue = task.state === "due";
    this.#end(task, "deleted");
    if (!wasDue) return;
    this.#due.splice(this.#due.indexOf(task), 1);
    this.#context.activity.end();
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Stops dispatching until resumed; dispatches in flight continue. */
  pause(): void {
    this.#isPaused = true;
    for (const task of this.#due.splice(0)) {
      this.#hold(task);
      this.#context.activity.end();
    }
  }

  resume(): void {
    this.#isPaused = false;
    const held = [...this.#held];
    this.#held.clear();
    for (const task of held) this.#makeDue(task);
  }

  /**
   * Dispatches a waiting task now, regardless of limits and pause; a task in flight is not changed.
   */
  run(name: string): QueuedTask {
    const task = this.task(name);
    if (task.state !== "waiting") return task;
    task.timer?.cancel();
    this.#held.delete(task);
    task.nextAtMs = this.#context.clock.nowMs();
    this.#context.activity.begin();
    this.#dispatch(task);
    return task;
  }

  stop(): void {
    this.#stopped = true;
    this.#timers.stop();
    for (const _ of this.#due.splice(0)) this.#context.activity.end();
  }

  #checkNameIsFree(name: string, nowMs: number): void {
    for (const [ended, endedAtMs] of this.#endedAtMs) {
      if (nowMs - endedAtMs < NAME_BLOCKED_MS) break;
      this.#endedAtMs.delete(ended);
    }
    if (this.#tasks.has(name)) {
      throw new RpcError(status.ALREADY_EXISTS, "Requested entity already exists");
    }
    if (this.#endedAtMs.has(name)) {
      throw new RpcError(
        status.ALREADY_EXISTS,
        "The task cannot be created because a task with this name existed too recently.",
      );
    }
  }

  #schedule(task: QueuedTask, atMs: number): void {
    if (this.#stopped) return;
    const delayMs = atMs - this.#context.clock.nowMs();
    task.state = "waiting";
    task.nextAtMs = atMs;
    if (delayMs <= 0) this.#makeDue(task);
    else task.timer = this.#timers.after(delayMs, () => this.#makeDue(task), this.#described(task));
  }

  #described({ attempts, httpRequest: { body } }: QueuedTask): () => Due {
    return () => {
      const attempt = attempts.length > 0 ? [`attempt ${attempts.length + 1}`] : [];
      return {
        service: "Cloud Tasks",
        what: `dispatches ${this.policy.id}`,
        about: [saysOf(body), ...attempt].filter(Boolean).join(", "),
      };
    };
  }

  #hold(task: QueuedTask): void {
    task.state = "waiting";
    this.#held.add(task);
  }

  #makeDue(task: QueuedTask): void {
    if (this.#isPaused) {
      this.#hold(task);
      return;
    }
    task.state = "due";
    this.#due.push(task);
    this.#context.activity.begin();
    this.#pump();
  }

  #pump(): void {
    while (this.#due.length > 0 && this.#dispatching < this.policy.maxConcurrentDispatches) {
      const waitMs = this.#rate.take(this.#context.clock.nowMs());
      if (waitMs > 0) {
        this.#throttle?.cancel();
        this.#throttle = this.#timers.after(waitMs, () => this.#pump());
        return;
      }
      const task = this.#due.shift();
      if (task) this.#dispatch(task);
    }
  }

  #dispatch(task: QueuedTask): void {
    task.state = "dispatching";
    this.#dispatching += 1;
    void this.#attempt(task).finally(() => {
      this.#dispatching -= 1;
      this.#pump();
      this.#context.activity.end();
    });
  }

  async #attempt(task: QueuedTask): Promise<void> {
    const { clock, faults, sender } = this.#context;
    const operation = `dispatch ${this.policy.id}`;
    const fault = task.postponed ? undefined : faults.next("tasks", operation);
    task.postponed = false;
    if (this.#postpone(task, fault)) return;
    const { url, httpMethod, body } = task.httpRequest;
    const delivery = {
      url,
      method: httpMethod,
      headers: dispatchHeaders(this.policy.id, task, clock),
      body,
      deadlineMs: task.dispatchDeadlineMs,
    };
    const attempt: TaskAttempt = { scheduledAtMs: task.nextAtMs, dispatchedAtMs: clock.nowMs() };
    task.attempts.push(attempt);
    const outcome = await sender.sendWithFault(delivery, fault);
    attempt.respondedAtMs = clock.nowMs();
    attempt.outcome = outcome;
    if (!this.#stopped && this.#tasks.get(task.name) === task) this.#settle(task, outcome);
    this.#postponer.overtake();
  }

  #postpone(task: QueuedTask, fault: Fault | undefined): boolean {
    const resume = () => {
      task.postponed = true;
      this.#makeDue(task);
    };
    const timer = this.#postponer.postpone(fault, resume, this.#described(task));
    if (!timer) return false;
    task.timer = timer;
    task.state = "waiting";
    return true;
  }

  #settle(task: QueuedTask, outcome: DeliveryOutcome): void {
    if (isSuccess(outcome)) {
      this.#rate.recover();
      this.#end(task, "done");
      return;
    }
    if (outcome.kind === "answered" && OVERLOAD_STATUSES.includes(outcome.status)) {
      this.#rate.slowDown();
    }
    const nowMs = this.#context.clock.nowMs();
    const elapsedMs = nowMs - (task.attempts[0]?.dispatchedAtMs ?? nowMs);
    const attempts = task.attempts.length;
    if (isExhausted(this.policy, attempts, elapsedMs)) this.#end(task, "dropped");
    else {
      const waitMs = Math.max(backoffMs(this.policy, attempts), retryAfterMs(outcome, nowMs));
      this.#schedule(task, nowMs + waitMs);
    }
  }

  #end(task: QueuedTask, state: "done" | "dropped" | "deleted"): void {
    task.timer?.cancel();
    task.state = state;
    this.#held.delete(task);
    this.#tasks.delete(task.name);
    this.#endedAtMs.delete(task.name);
    this.#endedAtMs.set(task.name, this.#context.clock.nowMs());
  }
}

/**
 * How long the worker asks not to be called, given in seconds or as a date; 0 if it does not ask.
 * https://cloud.google.com/tasks/docs/reference/rpc/google.cloud.tasks.v2#httprequest
 */
function retryAfterMs(outcome: DeliveryOutcome, nowMs: number): number {
  const asked = outcome.kind === "answered" ? outcome.retryAfter : undefined;
  if (asked === undefined) return 0;
  const ms = /^\d+$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - nowMs;
  return Math.max(0, ms || 0);
}
