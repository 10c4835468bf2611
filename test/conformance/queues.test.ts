import { status } from "@grpc/grpc-js";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { identityIn } from "../../local/kit/google/identity-token.ts";
import { connectQueues } from "../../shared/clients/tasks.ts";
import type { NewTask, Queues } from "../../shared/ports/queues.ts";
import { startWorld, type World } from "../local/google/tasks/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => world.faults.clear());
afterAll(() => world.stop());

/** How the product reaches Cloud Tasks. */
interface Adapter {
  readonly name: string;
  open(): Queues;
}
const adapters: Adapter[] = [
  { name: "the direct adapter", open: () => world.emulator.queues(() => 0.5) },
  {
    name: "Google's client",
    open: () =>
      connectQueues({
        GOOGLE_CLOUD_PROJECT: "conformance",
        GOOGLE_CLOUD_REGION: "europe-west1",
        CLOUD_TASKS_EMULATOR_HOST: world.emulator.host,
      }),
  },
];

describe.each(adapters)("$name", ({ name, open }) => {
  let queues: Queues;
  let count = 0;
  beforeAll(() => {
    queues = open();
  });
  const task = (more: Partial<NewTask> = {}): NewTask => {
    count += 1;
    const id = `${name.replaceAll(/\W/g, "-")}-${count}`;
    return {
      name: id,
      dueAt: new Date(world.clock.nowMs() + 60_000),
      url: `${world.worker.url}/${id}`,
      headers: { "content-type": "application/json", traceparent: "00-1-2-01" },
      body: Buffer.from('{"id":"⌨"}'),
      account: undefined,
      ...more,
    };
  };
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => undefined,
      (error: { code?: unknown }) => error.code,
    );

  test("dispatches a task unchanged once it is due", async () => {
    const made = task();
    await queues.create("ready", made);
    expect(world.dispatched(`/${made.name}`)).toEqual([]);
    await world.pass(61_000);
    expect(world.dispatched(`/${made.name}`)).toMatchObject([
      {
        method: "POST",
        body: '{"id":"⌨"}',
        headers: {
          "content-type": "application/json",
          traceparent: "00-1-2-01",
          "x-cloudtasks-queuename": "ready",
          "x-cloudtasks-taskname": made.name,
        },
      },
    ]);
  });

  test("is never earlier than its time, to the millisecond", async () => {
    const dueAt = new Date((Math.ceil(world.clock.nowMs() / 1000) + 60) * 1000 + 999);
    const made = task({ dueAt });
    await queues.create("ready", made);
    const kept = world.emulator.tasks().find(({ taskId }) => taskId === made.name);
    expect(kept?.scheduledAtMs).toBe(dueAt.getTime());
  });

  test("carries an identity token of its account for its address", async () => {
    const account = "tasks-ready@conformance.iam.gserviceaccount.com";
    const made = task({ account });
    await queues.create("ready", made);
    await world.pass(61_000);
    const [request] = world.dispatched(`/${made.name}`);
    const identity = identityIn(request?.headers.authorization, world.clock);
    expect(identity).toEqual({ email: account, audience: made.url });
  });

  test("refuses the name of an existing task", async () => {
    const made = task();
    await queues.create("ready", made);
    expect(await codeOf(queues.create("ready", made))).toBe(status.ALREADY_EXISTS);
  });

  test("refuses the name of a recently ended task", async () => {
    const made = task();
    await queues.create("ready", made);
    await world.pass(61_000);
    expect(await codeOf(queues.create("ready", made))).toBe(status.ALREADY_EXISTS);
  });

  test.each([
    ["a queue that does not exist", "nowhere", {}, status.NOT_FOUND],
    ["a time more than 30 days ahead", "ready", { days: 31 }, status.INVALID_ARGUMENT],
    ["more than a megabyte", "ready", { bytes: 1_000_000 }, status.INVALID_ARGUMENT],
  ])("refuses %s", async (_what, queue, { days = 0, bytes = 1 }: Odd, code) => {
    const dueAt = new Date(world.clock.nowMs() + days * 86_400_000);
    const refused = queues.create(queue, task({ dueAt, body: Buffer.alloc(bytes, "x") }));
    expect(await codeOf(refused)).toBe(code);
  });

  test("does not retry automatically, because the task may exist", async () => {
    const [failed, lost] = [task(), task()];
    const operation = /^CreateTask$/;
    const fail = { kind: "fail", code: status.UNAVAILABLE } as const;
    world.faults.add({ target: "tasks", operation, fault: fail, times: 1 });
    expect(await codeOf(queues.create("ready", failed))).toBe(status.UNAVAILABLE);
    world.faults.add({ target: "tasks", operation, fault: { kind: "lose-answer" }, times: 1 });
    expect(await codeOf(queues.create("ready", lost))).toBe(status.UNAVAILABLE);
    const kept = world.emulator.tasks().map(({ taskId }) => taskId);
    expect(kept).toContain(lost.name);
    expect(kept).not.toContain(failed.name);
  });
});

interface Odd {
  readonly days?: number;
  readonly bytes?: number;
}
