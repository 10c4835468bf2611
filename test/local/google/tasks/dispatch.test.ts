import { status } from "@grpc/grpc-js";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Fault } from "../../../../local/kit/faults.ts";
import { startWorld, type World } from "./world.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

beforeEach(() => {
  world.faults.clear();
  world.worker.answer = () => 204;
});

afterAll(() => world.stop());

/** Creates a task in the queue for the worker's path of the queue's name. */
async function create(queue: string, fields: object = {}) {
  const path = queue.split("/").at(-1);
  const [task] = await world.client.createTask({
    parent: queue,
    task: { httpRequest: { url: `${world.worker.url}/${path}` }, ...fields },
  });
  return { name: task.name ?? "" };
}

/** The whole seconds between one dispatch to the path and the next, looked at every five seconds. */
async function waitsOf(path: string, dispatches: number): Promise<number[]> {
  const waits = [];
  for (let count = 2; count <= dispatches; count += 1) {
    let seconds = 0;
    for (; world.dispatched(path).length < count; seconds += 5) await world.pass(5_000);
    waits.push(seconds);
  }
  return waits;
}

describe("retries", () => {
  test("any 2xx is success", async () => {
    world.worker.answer = () => 299;
    await create(await world.queue("any-2xx"));
    await world.emulator.whenIdle();
    await world.pass(600_000);
    expect(world.dispatched("/any-2xx")).toHaveLength(1);
  });

  test.each([302, 404, 500])("a worker that answers %d is asked again", async (code) => {
    world.worker.answer = () => code;
    await create(await world.queue(`answer-${code}`));
    await world.emulator.whenIdle();
    world.worker.answer = () => 200;
    await world.pass(10_000);
    await world.pass(600_000);
    expect(world.dispatched(`/answer-${code}`)).toHaveLength(2);
  });

  test("the back-off doubles so many times, then grows in equal steps, up to the maximum", async () => {
    world.worker.answer = () => 500;
    await create(
      await world.queue("doubling", { retryConfig: { maxAttempts: 7, maxDoublings: 2 } }),
    );
    await world.emulator.whenIdle();
    expect(await waitsOf("/doubling", 7)).toEqual([10, 20, 40, 80, 100, 100]);
  });

  test.each([
    ["later than the back-off", "45", 45],
    ["earlier, which changes nothing", "3", 10],
    ["in words, which nobody understands", "soon", 10],
  ])("a worker may ask to be left alone: %s", async (what, retryAfter, seconds) => {
    world.worker.answer = () => 503;
    world.worker.answerHeaders = { "retry-after": retryAfter };
    const id = `asked-${what.split(" ", 1)[0]}`.replace(/\W/g, "-");
    await create(await world.queue(id));
    await world.emulator.whenIdle();
    const waits = await waitsOf(`/${id}`, 2);
    world.worker.answerHeaders = {};
    expect(waits).toEqual([seconds]);
  });

  test("after the last attempt the task is dropped", async () => {
    world.worker.answer = () => 500;
    await create(await world.queue("dropping"));
    await world.emulator.whenIdle();
    await waitsOf("/dropping", 5);
    await world.pass(3_600_000);
    expect(world.dispatched("/dropping")).toHaveLength(5);
    expect(world.emulator.tasks().at(-1)).toMatchObject({ state: "dropped" });
  });

  test("a task goes on past its attempts until its retry time is over too", async () => {
    world.worker.answer = () => 500;
    const retryConfig = { maxAttempts: 2, maxRetryDuration: { seconds: 60 } };
    await create(await world.queue("persisting", { retryConfig }));
    await world.emulator.whenIdle();
    expect(await waitsOf("/persisting", 4)).toEqual([10, 20, 40]);
    await world.pass(3_600_000);
    expect(world.dispatched("/persisting")).toHaveLength(4);
  });

  test("a retry says how often there was one, how often it was answered below 500, and why", async () => {
    const answers = [404, 500, 429, 204];
    world.worker.answer = () => answers.shift() ?? 204;
    await create(await world.queue("explaining"));
    await world.emulator.whenIdle();
    await waitsOf("/explaining", 4);
    const headers = world.dispatched("/explaining").map((request) => request.headers);
    const values = (name: string) => headers.map((each) => each[`x-cloudtasks-${name}`]);
    expect(values("taskretrycount")).toEqual(["0", "1", "2", "3"]);
    expect(values("taskexecutioncount")).toEqual(["0", "1", "1", "2"]);
    expect(values("taskpreviousresponse")).toEqual([undefined, "404", "500", "429"]);
    expect(values("taskretryreason")[1]).toContain("404");
    expect(new Set(values("taskname")).size).toBe(1);
    expect(new Set(values("tasketa")).size).toBe(4);
  });

  test("an answer after the dispatch deadline does not count", async () => {
    const { promise: never, resolve: release } = Promise.withResolvers<number>();
    world.worker.answer = () => never;
    const { name } = await create(await world.queue("too-slow"), {
      dispatchDeadline: { seconds: 15 },
    });
    await world.worker.received(1, "/too-slow");
    world.worker.answer = () => 204;
    await world.pass(15_000);
    const [task] = await world.client.getTask({ name });
    expect(task.lastAttempt?.responseStatus?.code).toBe(status.DEADLINE_EXCEEDED);
    await world.pass(10_000);
    expect(world.dispatched("/too-slow")).toHaveLength(2);
    release(204);
  });
});

describe("limits of a queue", () => {
  test("so many tasks are dispatched at a time and no more", async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<number>();
    world.worker.answer = () => held;
    const queue = await world.queue("narrow", { rateLimits: { maxConcurrentDispatches: 3 } });
    const other = await world.queue("beside-the-narrow");
    for (let count = 0; count < 5; count += 1) await create(queue);
    await world.worker.received(3, "/narrow");
    await create(other);
    await world.worker.received(1, "/beside-the-narrow");
    expect(world.dispatched("/narrow")).toHaveLength(3);
    expect(world.emulator.idle()).toBe(false);
    release(204);
    await world.emulator.whenIdle();
    expect(world.dispatched("/narrow")).toHaveLength(5);
  });

  test("so many tasks are dispatched in a second and no more", async () => {
    const queue = await world.queue("slow", { rateLimits: { maxDispatchesPerSecond: 0.1 } });
    for (let count = 0; count < 3; count += 1) await create(queue);
    await world.worker.received(1, "/slow");
    await world.clock.advance(10_000);
    await world.worker.received(2, "/slow");
    expect(world.dispatched("/slow")).toHaveLength(2);
    await world.clock.advance(10_000);
    await world.emulator.whenIdle();
    expect(world.dispatched("/slow")).toHaveLength(3);
  });

  test.each([429, 503])("a worker that answers %d slows its whole queue down", async (code) => {
    const rateLimits = { maxDispatchesPerSecond: 0.1 };
    const queue = await world.queue(`overloaded-${code}`, { rateLimits });
    const path = `/overloaded-${code}`;
    world.worker.answer = () => code;
    await create(queue, { httpRequest: { url: `${world.worker.url}${path}-first` } });
    await world.emulator.whenIdle();
    world.worker.answer = () => 204;
    await create(queue);
    await world.clock.advance(15_000);
    expect(world.dispatched(path)).toEqual([]);
    await world.clock.advance(6_000);
    expect(await world.worker.received(1, path)).toHaveLength(1);
    await world.pass(60_000);
  });
});

describe("faults", () => {
  const strike = (operation: string, fault: Fault) =>
    world.faults.add({ target: "tasks", operation: new RegExp(`^${operation}$`), fault, times: 1 });

  test("a failed creation is refused with the planned code and does nothing", async () => {
    const queue = await world.queue("creation-failed");
    strike("CreateTask", { kind: "fail", code: status.RESOURCE_EXHAUSTED });
    await expect(create(queue)).rejects.toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    strike("CreateTask", { kind: "drop" });
    await expect(create(queue)).rejects.toMatchObject({ code: status.UNAVAILABLE });
    await world.emulator.whenIdle();
    expect(world.dispatched("/creation-failed")).toEqual([]);
  });

  test("a creation whose answer is lost has happened, and its name says so", async () => {
    const queue = await world.queue("creation-unanswered");
    const name = `${queue}/tasks/once`;
    strike("CreateTask", { kind: "lose-answer" });
    await expect(create(queue, { name })).rejects.toMatchObject({ code: status.UNAVAILABLE });
    await expect(create(queue, { name })).rejects.toMatchObject({ code: status.ALREADY_EXISTS });
    await world.emulator.whenIdle();
    expect(world.dispatched("/creation-unanswered")).toHaveLength(1);
  });

  test("a dropped dispatch never reaches the worker, and comes again", async () => {
    const queue = await world.queue("dispatch-dropped");
    strike("dispatch dispatch-dropped", { kind: "drop" });
    await create(queue);
    await world.emulator.whenIdle();
    expect(world.dispatched("/dispatch-dropped")).toEqual([]);
    await world.pass(10_000);
    expect(world.dispatched("/dispatch-dropped")).toHaveLength(1);
  });

  test("a dispatch whose answer is lost comes again", async () => {
    const queue = await world.queue("dispatch-unanswered");
    strike("dispatch dispatch-unanswered", { kind: "lose-answer" });
    await create(queue);
    await world.emulator.whenIdle();
    await world.pass(10_000);
    expect(world.dispatched("/dispatch-unanswered")).toHaveLength(2);
  });

  test("a duplicated dispatch comes several times at once, and once is enough", async () => {
    const queue = await world.queue("duplicated");
    const { promise: held, resolve: release } = Promise.withResolvers<number>();
    const answers = [500, 204];
    world.worker.answer = async () => {
      await held;
      return answers.shift() ?? 500;
    };
    strike("dispatch duplicated", { kind: "duplicate", copies: 2 });
    await create(queue);
    await world.worker.received(2, "/duplicated");
    release(204);
    await world.emulator.whenIdle();
    await world.pass(600_000);
    expect(world.dispatched("/duplicated")).toHaveLength(2);
  });

  test("a delayed dispatch comes when its time has come, and once", async () => {
    const queue = await world.queue("delayed");
    strike("dispatch delayed", { kind: "delay", ms: 3_600_000 });
    await create(queue);
    await world.pass(3_000_000);
    expect(world.dispatched("/delayed")).toEqual([]);
    await world.pass(600_000);
    await world.pass(600_000);
    expect(world.dispatched("/delayed")).toHaveLength(1);
  });

  test("a reordered dispatch comes after the next one", async () => {
    const queue = await world.queue("reordered");
    strike("dispatch reordered", { kind: "reorder" });
    await create(queue, { name: `${queue}/tasks/first` });
    await create(queue, { name: `${queue}/tasks/second` });
    await world.emulator.whenIdle();
    const ids = world
      .dispatched("/reordered")
      .map(({ headers }) => headers["x-cloudtasks-taskname"]);
    expect(ids).toEqual(["second", "first"]);
  });

  test("after the emulator has stopped nothing is dispatched any more", async () => {
    const other = await startWorld();
    const parent = await other.queue("stopped");
    const scheduleTime = { seconds: Math.ceil(other.clock.nowMs() / 1000) + 60 };
    const task = { scheduleTime, httpRequest: { url: `${world.worker.url}/stopped` } };
    await other.client.createTask({ parent, task });
    await other.client.close();
    await other.emulator.stop();
    expect(other.clock.nextDueMs()).toBeUndefined();
    await other.clock.advance(120_000);
    expect(world.dispatched("/stopped")).toEqual([]);
    await other.worker.stop();
  });
});

test("a paused queue keeps its tasks until it is resumed, but runs one that is asked for", async () => {
  const queue = await world.queue("paused");
  await world.client.pauseQueue({ name: queue });
  await create(queue, { name: `${queue}/tasks/waits` });
  await create(queue, { name: `${queue}/tasks/asked-for` });
  await world.pass(60_000);
  expect(world.dispatched("/paused")).toEqual([]);
  expect((await world.client.getQueue({ name: queue }))[0].state).toBe("PAUSED");
  await world.client.runTask({ name: `${queue}/tasks/asked-for` });
  await world.emulator.whenIdle();
  expect(world.dispatched("/paused")).toHaveLength(1);
  expect((await world.client.resumeQueue({ name: queue }))[0].state).toBe("RUNNING");
  await world.emulator.whenIdle();
  const ids = world.dispatched("/paused").map(({ headers }) => headers["x-cloudtasks-taskname"]);
  expect(ids).toEqual(["asked-for", "waits"]);
});
