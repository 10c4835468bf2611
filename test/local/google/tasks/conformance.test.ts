import { status } from "@grpc/grpc-js";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { LOCATION, startWorld, type World } from "./world.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const READY = `${LOCATION}/queues/ready`;

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

beforeEach(() => {
  world.worker.answer = () => 204;
});

afterAll(() => world.stop());

const inMs = (ms: number) => ({ seconds: Math.floor((world.clock.nowMs() + ms) / 1000) });

/** Creates a task for the worker's path of the same name as the task. */
async function create(id: string, fields: object = {}, parent = READY) {
  const [task] = await world.client.createTask({
    parent,
    task: {
      name: `${parent}/tasks/${id}`,
      httpRequest: { url: `${world.worker.url}/${id}` },
      ...fields,
    },
  });
  return { name: task.name ?? "" };
}

const refusedWith = (code: status) => expect.objectContaining({ code });

describe("creating", () => {
  test("a task is dispatched at once with its method, headers and body", async () => {
    await create("at-once", {
      httpRequest: {
        url: `${world.worker.url}/at-once?a=1`,
        httpMethod: "PUT",
        headers: { "Content-Type": "application/json", "X-Own": "kept" },
        body: Buffer.from('{"lot":"⌨"}'),
        oidcToken: { serviceAccountEmail: "worker@conformance", audience: "somewhere" },
      },
    });
    await world.emulator.whenIdle();
    const [request] = world.dispatched("/at-once?a=1");
    expect(request).toMatchObject({ method: "PUT", body: '{"lot":"⌨"}' });
    expect(request?.headers).toMatchObject({
      "content-type": "application/json",
      "x-own": "kept",
      "user-agent": "Google-Cloud-Tasks",
      "x-cloudtasks-queuename": "ready",
      "x-cloudtasks-taskname": "at-once",
      "x-cloudtasks-taskretrycount": "0",
      "x-cloudtasks-taskexecutioncount": "0",
      "x-cloudtasks-tasketa": expect.stringMatching(/^\d{10}\.\d+$/),
    });
    expect(request?.headers).not.toHaveProperty("x-cloudtasks-taskpreviousresponse");
    expect(request?.headers).not.toHaveProperty("x-cloudtasks-taskretryreason");
  });

  test("by default the method is POST and there is no content type", async () => {
    await create("bare");
    await world.emulator.whenIdle();
    const [request] = world.dispatched("/bare");
    expect(request?.method).toBe("POST");
    expect(request?.headers).not.toHaveProperty("content-type");
  });

  test("a task cannot forge the headers that Cloud Tasks sets", async () => {
    await create("forging", {
      httpRequest: {
        url: `${world.worker.url}/forging`,
        headers: { "User-Agent": "me", "X-CloudTasks-TaskRetryCount": "9", Host: "elsewhere" },
      },
    });
    await world.emulator.whenIdle();
    expect(world.dispatched("/forging")[0]?.headers).toMatchObject({
      "user-agent": "Google-Cloud-Tasks",
      "x-cloudtasks-taskretrycount": "0",
      host: new URL(world.worker.url).host,
    });
  });

  test("a task waits for its schedule time by the clock", async () => {
    const scheduleTime = inMs(DAY_MS);
    await create("tomorrow", { scheduleTime });
    await world.pass(DAY_MS - 5_000);
    expect(world.dispatched("/tomorrow")).toEqual([]);
    await world.pass(5_000);
    const [request] = world.dispatched("/tomorrow");
    expect(Number(request?.headers["x-cloudtasks-tasketa"])).toBe(scheduleTime.seconds);
  });

  test("a task without a name gets one of its own", async () => {
    const task = { httpRequest: { url: `${world.worker.url}/unnamed` } };
    const [first] = await world.client.createTask({ parent: READY, task });
    const [second] = await world.client.createTask({ parent: READY, task });
    expect(first.name).toMatch(new RegExp(`^${READY}/tasks/\\d+$`));
    expect(second.name).not.toBe(first.name);
  });

  const url = "http://127.0.0.1/";
  test.each<[string, object]>([
    ["a name of another queue", { name: `${LOCATION}/queues/other/tasks/x`, httpRequest: { url } }],
    ["a name with a blank", { name: `${READY}/tasks/a b`, httpRequest: { url } }],
    [
      "a name above 500 characters",
      { name: `${READY}/tasks/${"x".repeat(501)}`, httpRequest: { url } },
    ],
    ["a relative URL", { httpRequest: { url: "/path" } }],
    ["a URL above 2083 characters", { httpRequest: { url: url + "x".repeat(2083) } }],
    ["a body for GET", { httpRequest: { url, httpMethod: "GET", body: Buffer.from("x") } }],
    ["headers of 80 KB", { httpRequest: { url, headers: { "x-big": "x".repeat(81_920) } } }],
    ["more than 1 MB", { httpRequest: { url, body: Buffer.alloc(1_000_001) } }],
    ["a dispatch deadline below 15 s", { httpRequest: { url }, dispatchDeadline: { seconds: 14 } }],
    [
      "a dispatch deadline above 30 min",
      { httpRequest: { url }, dispatchDeadline: { seconds: 1801 } },
    ],
  ])("a task with %s is refused", async (_, task) => {
    const before = world.emulator.tasks().length;
    await expect(world.client.createTask({ parent: READY, task })).rejects.toEqual(
      refusedWith(status.INVALID_ARGUMENT),
    );
    expect(world.emulator.tasks()).toHaveLength(before);
  });

  test("a task can be scheduled 30 days ahead and no further", async () => {
    await expect(create("too-far", { scheduleTime: inMs(30 * DAY_MS + 2_000) })).rejects.toEqual(
      refusedWith(status.INVALID_ARGUMENT),
    );
    await create("far", { scheduleTime: inMs(30 * DAY_MS) });
    await world.client.deleteTask({ name: `${READY}/tasks/far` });
  });

  test("a queue that does not exist takes nothing", async () => {
    await expect(create("x", {}, `${LOCATION}/queues/missing`)).rejects.toEqual(
      refusedWith(status.NOT_FOUND),
    );
    await expect(create("x", {}, "nonsense")).rejects.toEqual(refusedWith(status.INVALID_ARGUMENT));
  });
});

describe("names", () => {
  test("a name in use cannot be used again", async () => {
    await create("in-use", { scheduleTime: inMs(60_000) });
    await expect(create("in-use")).rejects.toEqual(refusedWith(status.ALREADY_EXISTS));
    await world.pass(61_000);
    expect(world.dispatched("/in-use")).toHaveLength(1);
  });

  test("the name of a completed task cannot be used again within the hour", async () => {
    await create("completed");
    await world.emulator.whenIdle();
    await world.pass(HOUR_MS - 10_000);
    await expect(create("completed")).rejects.toEqual(refusedWith(status.ALREADY_EXISTS));
    await world.pass(10_000);
    await create("completed");
    await world.emulator.whenIdle();
    expect(world.dispatched("/completed")).toHaveLength(2);
  });

  test("the name of a deleted task cannot be used again within the hour", async () => {
    await create("deleted", { scheduleTime: inMs(60_000) });
    await world.client.deleteTask({ name: `${READY}/tasks/deleted` });
    await expect(create("deleted")).rejects.toEqual(refusedWith(status.ALREADY_EXISTS));
    await world.pass(HOUR_MS);
    expect(world.dispatched("/deleted")).toEqual([]);
    await create("deleted");
  });
});

describe("reading", () => {
  test("a task is read without its body, and with it in the full view", async () => {
    const body = Buffer.from("body");
    const scheduleTime = inMs(60_000);
    const { name } = await create("readable", {
      scheduleTime,
      httpRequest: { url: `${world.worker.url}/readable`, headers: { "x-own": "1" }, body },
    });
    const [basic] = await world.client.getTask({ name });
    expect(basic).toMatchObject({
      name,
      view: "BASIC",
      scheduleTime: { seconds: `${scheduleTime.seconds}` },
      dispatchDeadline: { seconds: "600" },
      dispatchCount: 0,
      httpRequest: { httpMethod: "POST", headers: { "x-own": "1" } },
    });
    expect(basic.httpRequest?.body).toHaveLength(0);
    const [full] = await world.client.getTask({ name, responseView: "FULL" });
    expect(full).toMatchObject({ view: "FULL", httpRequest: { body } });
  });

  test("a failed attempt is reported", async () => {
    world.worker.answer = () => 500;
    const { name } = await create("reported");
    await world.emulator.whenIdle();
    const [task] = await world.client.getTask({ name });
    expect(task).toMatchObject({
      dispatchCount: 1,
      responseCount: 1,
      lastAttempt: { responseStatus: { code: status.INTERNAL } },
    });
    world.worker.answer = () => 204;
    await world.pass(10_000);
    await expect(world.client.getTask({ name })).rejects.toEqual(refusedWith(status.NOT_FOUND));
  });

  test("the tasks of a queue are listed page by page, finished ones not", async () => {
    const parent = await world.queue("listing");
    await create("finished", {}, parent);
    await world.emulator.whenIdle();
    for (const id of ["one", "two", "three"]) {
      await create(id, { scheduleTime: inMs(60_000) }, parent);
    }
    const names = async (pageToken: string) => {
      const options = { autoPaginate: false };
      const request = { parent, pageSize: 2, pageToken };
      const [tasks, , page] = await world.client.listTasks(request, options);
      return { ids: tasks.map(({ name }) => name?.split("/").at(-1)), next: page?.nextPageToken };
    };
    const first = await names("");
    expect(first.ids).toEqual(["one", "two"]);
    const second = await names(first.next ?? "");
    expect(second).toEqual({ ids: ["three"], next: "" });
    await world.pass(60_000);
  });

  test("a task that is not there can be neither read, deleted nor run", async () => {
    const name = `${READY}/tasks/not-there`;
    const refused = refusedWith(status.NOT_FOUND);
    await expect(world.client.getTask({ name })).rejects.toEqual(refused);
    await expect(world.client.deleteTask({ name })).rejects.toEqual(refused);
    await expect(world.client.runTask({ name })).rejects.toEqual(refused);
  });

  test("a queue is read as it was made, is made once, and is listed", async () => {
    const name = await world.queue("described", {
      retryConfig: { maxAttempts: 7, maxRetryDuration: { seconds: 60 }, maxDoublings: 3 },
      rateLimits: { maxConcurrentDispatches: 4, maxDispatchesPerSecond: 2 },
    });
    const [queue] = await world.client.getQueue({ name });
    expect(queue).toMatchObject({
      name,
      state: "RUNNING",
      retryConfig: { maxAttempts: 7, maxRetryDuration: { seconds: "60" }, maxDoublings: 3 },
      rateLimits: { maxConcurrentDispatches: 4, maxDispatchesPerSecond: 2 },
    });
    await expect(world.queue("described")).rejects.toEqual(refusedWith(status.ALREADY_EXISTS));
    const [queues] = await world.client.listQueues({ parent: LOCATION });
    expect(queues.map((each) => each.name)).toEqual(expect.arrayContaining([name, READY]));
  });

  test("the emulator reports the outcome of every task", async () => {
    await create("remembered");
    await world.emulator.whenIdle();
    expect(world.emulator.tasks().at(-1)).toMatchObject({
      queueId: "ready",
      taskId: "remembered",
      url: `${world.worker.url}/remembered`,
      state: "done",
      attempts: [{ outcome: { kind: "answered", status: 204 } }],
    });
  });
});

describe("running and deleting", () => {
  test("a task can be run before its time, and runs once", async () => {
    const { name } = await create("run-early", { scheduleTime: inMs(DAY_MS) });
    await world.client.runTask({ name });
    await world.emulator.whenIdle();
    await world.pass(DAY_MS);
    expect(world.dispatched("/run-early")).toHaveLength(1);
  });

  test("a task deleted while it is dispatched is not tried again", async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<number>();
    world.worker.answer = () => held;
    const { name } = await create("deleted-midway");
    await world.worker.received(1, "/deleted-midway");
    await world.client.deleteTask({ name });
    release(500);
    await world.emulator.whenIdle();
    await world.pass(HOUR_MS);
    expect(world.dispatched("/deleted-midway")).toHaveLength(1);
  });
});
