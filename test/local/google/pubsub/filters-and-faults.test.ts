import { randomUUID } from "node:crypto";
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
  world.receiver.answer = () => 204;
});

afterAll(() => world.stop());

describe("filters", () => {
  const messages: Record<string, Record<string, string>> = {
    paid: { type: "order.paid", region: "eu" },
    refunded: { type: "order.refunded", "a/b": "x" },
    plain: {},
  };

  test.each([
    ["attributes:type", ["paid", "refunded"]],
    ["NOT attributes:type", ["plain"]],
    ["-attributes:type", ["plain"]],
    ['attributes.type = "order.paid"', ["paid"]],
    ['attributes.type="order.paid"', ["paid"]],
    ['attributes.type != "order.paid"', ["refunded", "plain"]],
    ['hasPrefix(attributes.type, "order.")', ["paid", "refunded"]],
    ['hasPrefix(attributes.type, "order.p")', ["paid"]],
    ['attributes:type AND attributes.region = "eu"', ["paid"]],
    ['attributes.region = "eu" OR attributes:"a/b"', ["paid", "refunded"]],
    ['attributes."a/b" = "x"', ["refunded"]],
    ['attributes:type AND (attributes.region = "us" OR NOT attributes:region)', ["refunded"]],
    ['NOT (attributes.region = "eu" OR attributes:"a/b")', ["plain"]],
    ['attributes.type = "order\\u002epaid"', ["paid"]],
    ["attributes:constructor", []],
  ])("%s passes %j", async (filter, expected) => {
    const id = `filter-${randomUUID()}`;
    const topic = await world.topic(id, { filter });
    for (const [text, attributes] of Object.entries(messages)) {
      await topic.publishMessage({ data: Buffer.from(text), attributes });
    }
    await world.emulator.whenIdle();
    expect(world.texts(`/${id}`).sort()).toEqual(expected.sort());
  });

  test.each([
    "nonsense",
    "attributes.type",
    "attributes.type = paid",
    "attributes.type = 'paid'",
    'attributes.type > "a"',
    "(attributes:type",
    "attributes:type)",
    "attributes:type attributes:region",
    "attributes:type and attributes:region",
    "attributes:a AND attributes:b OR attributes:c",
    'hasPrefix(attributes.type "a")',
    'data:"x"',
    "AND",
    " ",
  ])("the filter %j is refused", async (filter) => {
    const [topic] = await world.pubsub.topic("filtering").get({ autoCreate: true });
    await expect(topic.createSubscription("filtering", { filter })).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
    });
  });
});

describe("faults of publishing", () => {
  const strike = (fault: Fault) =>
    world.faults.add({ target: "pubsub", operation: /^Publish$/, fault, times: 1 });

  test("a failed publish is refused with the planned code and does nothing", async () => {
    const topic = await world.topic("failing");
    strike({ kind: "fail", code: status.PERMISSION_DENIED });
    await expect(topic.publishMessage({ data: Buffer.from("x") })).rejects.toMatchObject({
      code: status.PERMISSION_DENIED,
    });
    expect(world.emulator.published("failing")).toEqual([]);
  });

  test("a dropped publish is repeated by the SDK and published once", async () => {
    const topic = await world.topic("dropping");
    strike({ kind: "drop" });
    await topic.publishMessage({ data: Buffer.from("x") });
    expect(world.emulator.published("dropping")).toHaveLength(1);
  });

  test("a publish whose answer is lost is repeated by the SDK and published twice", async () => {
    const topic = await world.topic("answer-lost");
    strike({ kind: "lose-answer" });
    await topic.publishMessage({ data: Buffer.from("x") });
    await world.emulator.whenIdle();
    expect(world.texts("/answer-lost")).toEqual(["x", "x"]);
    const ids = world.emulator.published("answer-lost").map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(2);
  });

  test("a delayed publish is done when its time has come", async () => {
    const topic = await world.topic("delaying");
    strike({ kind: "delay", ms: 30_000 });
    const publishing = topic.publishMessage({ data: Buffer.from("x") });
    await untilTimerWaits();
    expect(world.emulator.published("delaying")).toEqual([]);
    await world.pass(30_000);
    await publishing;
    expect(world.emulator.published("delaying")).toHaveLength(1);
  });

  /** Resolves once the call has come to the emulator and waits for the clock. */
  async function untilTimerWaits(): Promise<void> {
    while (world.clock.nextDueMs() === undefined) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
});

describe("faults of delivery", () => {
  const policy = {
    retryPolicy: { minimumBackoff: { seconds: 10 }, maximumBackoff: { seconds: 10 } },
  };

  const strike = (id: string, fault: Fault) =>
    world.faults.add({
      target: "pubsub",
      operation: new RegExp(`^deliver ${id}$`),
      fault,
      times: 1,
    });

  test("a dropped push never reaches the endpoint, and comes again", async () => {
    const topic = await world.topic("push-dropped", policy);
    strike("push-dropped", { kind: "drop" });
    await topic.publishMessage({ data: Buffer.from("x") });
    await world.emulator.whenIdle();
    expect(world.texts("/push-dropped")).toEqual([]);
    await world.pass(10_000);
    expect(world.texts("/push-dropped")).toEqual(["x"]);
  });

  test("a push whose acknowledgement is lost comes again", async () => {
    const topic = await world.topic("ack-lost", policy);
    strike("ack-lost", { kind: "lose-answer" });
    await topic.publishMessage({ data: Buffer.from("x") });
    await world.emulator.whenIdle();
    expect(world.texts("/ack-lost")).toEqual(["x"]);
    await world.pass(10_000);
    expect(world.texts("/ack-lost")).toEqual(["x", "x"]);
  });

  test("a duplicated push comes several times at once", async () => {
    const topic = await world.topic("duplicated", policy);
    const { promise: held, resolve: release } = Promise.withResolvers<number>();
    world.receiver.answer = () => held;
    strike("duplicated", { kind: "duplicate", copies: 3 });
    await topic.publishMessage({ data: Buffer.from("x") });
    await world.receiver.received(3, "/duplicated");
    release(204);
    await world.emulator.whenIdle();
    await world.pass(60_000);
    expect(world.texts("/duplicated")).toEqual(["x", "x", "x"]);
  });

  test("a delayed push comes when its time has come, and once", async () => {
    const topic = await world.topic("delayed", policy);
    strike("delayed", { kind: "delay", ms: 3_600_000 });
    await topic.publishMessage({ data: Buffer.from("x") });
    await world.pass(3_000_000);
    expect(world.texts("/delayed")).toEqual([]);
    await world.pass(600_000);
    await world.pass(600_000);
    expect(world.texts("/delayed")).toEqual(["x"]);
  });

  test("a reordered push comes after the next one, or after a while when none comes", async () => {
    const topic = await world.topic("reordered", policy);
    strike("reordered", { kind: "reorder" });
    await topic.publishMessage({ data: Buffer.from("first") });
    await topic.publishMessage({ data: Buffer.from("second") });
    await world.emulator.whenIdle();
    expect(world.texts("/reordered")).toEqual(["second", "first"]);
    strike("reordered", { kind: "reorder" });
    await topic.publishMessage({ data: Buffer.from("third") });
    await world.pass(1_000);
    expect(world.texts("/reordered")).toEqual(["second", "first", "third"]);
  });
});
