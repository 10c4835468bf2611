import { status } from "@grpc/grpc-js";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { identityIn } from "../../../../local/kit/google/identity-token.ts";
import { textOf } from "./under-test.ts";
import { PROJECT_ID, startWorld, type World } from "./world.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

beforeEach(() => {
  world.receiver.answer = () => 204;
});

afterAll(() => world.stop());

const backoff = (minimum: number, maximum: number) => ({
  retryPolicy: { minimumBackoff: { seconds: minimum }, maximumBackoff: { seconds: maximum } },
});

const sent = (path: string) => world.receiver.requests.filter((request) => request.path === path);

describe("acknowledgement", () => {
  test.each([200, 201, 202, 204])("a push answered %d is done with", async (code) => {
    world.receiver.answer = () => code;
    const topic = await world.topic(`answered-${code}`);
    await topic.publishMessage({ data: Buffer.from("x") });
    await world.emulator.whenIdle();
    await world.pass(60_000);
    expect(sent(`/answered-${code}`)).toHaveLength(1);
  });

  test.each([203, 302, 400, 404, 429, 500])("a push answered %d comes again", async (code) => {
    world.receiver.answer = () => code;
    const topic = await world.topic(`refused-${code}`, backoff(10, 600));
    await topic.publishMessage({ data: Buffer.from("x") });
    await world.emulator.whenIdle();
    world.receiver.answer = () => 204;
    await world.pass(10_000);
    expect(sent(`/refused-${code}`)).toHaveLength(2);
  });

  test("a push carries its account's token, by default with the endpoint as audience", async () => {
    const tokens: [string, Record<string, string>][] = [
      ["named", { serviceAccountEmail: "push@p.iam.gserviceaccount.com" }],
      ["made-out", { serviceAccountEmail: "push@p.iam.gserviceaccount.com", audience: "x" }],
    ];
    for (const [id, oidcToken] of tokens) {
      const pushEndpoint = `${world.receiver.url}/${id}`;
      const topic = await world.topic(id, { pushEndpoint, oidcToken });
      await topic.publishMessage({ data: Buffer.from("x") });
      await world.emulator.whenIdle();
      expect(identityIn(sent(`/${id}`)[0]?.headers.authorization, world.clock)).toEqual({
        email: "push@p.iam.gserviceaccount.com",
        audience: oidcToken["audience"] ?? pushEndpoint,
      });
    }
    const topic = await world.topic("anonymous");
    await topic.publishMessage({ data: Buffer.from("x") });
    await world.emulator.whenIdle();
    expect(sent("/anonymous")[0]?.headers).not.toHaveProperty("authorization");
  });

  test("a subscription that wants unwrapped messages is refused, and so is changing one to that", async () => {
    const pushEndpoint = `${world.receiver.url}/unwrapped`;
    const refused = {
      code: status.UNIMPLEMENTED,
      message: expect.stringContaining("Omit noWrapper"),
    };
    const topic = await world.topic("wrapped");
    for (const writeMetadata of [false, true]) {
      const pushConfig = { pushEndpoint, noWrapper: { writeMetadata } };
      const made = topic.createSubscription("unwrapped", { pushConfig });
      await expect(made).rejects.toMatchObject(refused);
    }
    const subscription = world.pubsub.subscription("wrapped");
    const changed = subscription.modifyPushConfig({ pushEndpoint, noWrapper: {} });
    await expect(changed).rejects.toMatchObject(refused);
  });

  test("an answer after the ack deadline does not count", async () => {
    const { promise: never, resolve: release } = Promise.withResolvers<number>();
    world.receiver.answer = () => never;
    const topic = await world.topic("too-slow", { ackDeadlineSeconds: 15 });
    await topic.publishMessage({ data: Buffer.from("x") });
    await world.receiver.received(1, "/too-slow");
    world.receiver.answer = () => 204;
    await world.pass(15_000);
    await world.pass(1_000);
    expect(sent("/too-slow")).toHaveLength(2);
    release(204);
  });

  test("an endpoint that cannot be reached is tried again", async () => {
    const topic = await world.topic("unreachable", {
      pushEndpoint: "http://127.0.0.1:1/",
      ...backoff(10, 600),
    });
    await topic.publishMessage({ data: Buffer.from("x") });
    await world.emulator.whenIdle();
    const endpoint = { pushEndpoint: `${world.receiver.url}/reachable` };
    await world.pubsub.subscription("unreachable").modifyPushConfig(endpoint);
    await world.pass(10_000);
    expect(sent("/reachable")).toHaveLength(1);
  });

  test("a subscription without an endpoint keeps its messages until it has one", async () => {
    const topic = await world.topic("without-endpoint", { pushEndpoint: "" });
    await topic.publishMessage({ data: Buffer.from("kept") });
    expect(world.emulator.idle()).toBe(true);
    const endpoint = { pushEndpoint: `${world.receiver.url}/with-endpoint` };
    await world.pubsub.subscription("without-endpoint").modifyPushConfig(endpoint);
    await world.emulator.whenIdle();
    expect(world.texts("/with-endpoint")).toEqual(["kept"]);
  });

  test("a burst has at most 50 pushes of a subscription in flight", async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<number>();
    world.receiver.answer = () => held;
    const topic = await world.topic("burst");
    const other = await world.topic("beside-the-burst");
    await Promise.all(
      Array.from({ length: 60 }, () => topic.publishMessage({ data: Buffer.from("x") })),
    );
    await world.receiver.received(50, "/burst");
    await other.publishMessage({ data: Buffer.from("x") });
    await world.receiver.received(1, "/beside-the-burst");
    expect(world.emulator.idle()).toBe(false);
    expect(sent("/burst")).toHaveLength(50);
    release(204);
    await world.emulator.whenIdle();
    expect(sent("/burst")).toHaveLength(60);
  });
});

describe("redelivery", () => {
  test("the back-off doubles from the minimum up to the maximum", async () => {
    world.receiver.answer = () => 500;
    const topic = await world.topic("backing-off", backoff(10, 30));
    await topic.publishMessage({ data: Buffer.from("x") });
    await world.emulator.whenIdle();
    const waits = [];
    for (let attempt = 2; attempt <= 5; attempt += 1) {
      let waitedSeconds = 0;
      for (; sent("/backing-off").length < attempt; waitedSeconds += 5) await world.pass(5_000);
      waits.push(waitedSeconds);
    }
    expect(waits).toEqual([10, 20, 30, 30]);
    expect(new Set(sent("/backing-off").map(({ body }) => body)).size).toBe(1);
  });

  test("without a retry policy only the back-off of pushes is waited for, up to a minute", async () => {
    world.receiver.answer = () => 500;
    const topic = await world.topic("impatient");
    await topic.publishMessage({ data: Buffer.from("x") });
    await world.emulator.whenIdle();
    const waits = [];
    for (let attempt = 2; attempt <= 12; attempt += 1) {
      let waitedSeconds = 0;
      for (; sent("/impatient").length < attempt; waitedSeconds += 5) await world.pass(5_000);
      waits.push(waitedSeconds);
    }
    // Looked at every five seconds: 0.1, 0.2, … 12.8, 25.6, 51.2 s, and then a minute each.
    expect(waits.slice(7)).toEqual([15, 30, 55, 60]);
  });

  test("a message that outlived its retention is not delivered again", async () => {
    world.receiver.answer = () => 500;
    const topic = await world.topic("perishable", {
      messageRetentionDuration: { seconds: 600 },
      ...backoff(590, 600),
    });
    await topic.publishMessage({ data: Buffer.from("x") });
    await world.emulator.whenIdle();
    await world.pass(590_000);
    expect(sent("/perishable")).toHaveLength(2);
    await world.pass(600_000);
    await world.pass(600_000);
    expect(sent("/perishable")).toHaveLength(2);
  });

  test("deliveries are counted only where there is a dead-letter policy", async () => {
    const topic = await world.topic("uncounted");
    await topic.publishMessage({ data: Buffer.from("x") });
    await world.emulator.whenIdle();
    expect(JSON.parse(sent("/uncounted")[0]?.body ?? "")).not.toHaveProperty("deliveryAttempt");
  });

  test("after the last attempt the message goes to the dead-letter topic and says where from", async () => {
    world.receiver.answer = ({ path }) => (path === "/doomed" ? 500 : 204);
    await world.topic("dead");
    const topic = await world.topic("doomed", {
      deadLetterPolicy: {
        deadLetterTopic: `projects/${PROJECT_ID}/topics/dead`,
        maxDeliveryAttempts: 5,
      },
      ...backoff(10, 10),
    });
    await topic.publishMessage({ data: Buffer.from("lost"), attributes: { type: "paid" } });
    await world.emulator.whenIdle();
    for (let attempt = 2; attempt <= 8; attempt += 1) await world.pass(10_000);
    const attempts = sent("/doomed").map(({ body }) => JSON.parse(body).deliveryAttempt);
    expect(attempts).toEqual([1, 2, 3, 4, 5]);
    const [original] = sent("/doomed").map(({ body }) => JSON.parse(body).message);
    const dead = sent("/dead").map(({ body }) => JSON.parse(body).message);
    expect(dead).toHaveLength(1);
    expect(dead[0].data).toBe(original.data);
    expect(dead[0].messageId).not.toBe(original.messageId);
    expect(dead[0].attributes).toEqual({
      type: "paid",
      CloudPubSubDeadLetterSourceDeliveryCount: "5",
      CloudPubSubDeadLetterSourceSubscription: "doomed",
      CloudPubSubDeadLetterSourceSubscriptionProject: PROJECT_ID,
      CloudPubSubDeadLetterSourceTopicPublishTime: original.publishTime,
    });
    expect(world.emulator.published("dead").map(({ data }) => `${data}`)).toEqual(["lost"]);
  });

  test("while the dead-letter topic does not exist, delivery goes on", async () => {
    world.receiver.answer = () => 500;
    const topic = await world.topic("undying", {
      deadLetterPolicy: {
        deadLetterTopic: `projects/${PROJECT_ID}/topics/nowhere`,
        maxDeliveryAttempts: 5,
      },
      ...backoff(10, 10),
    });
    await topic.publishMessage({ data: Buffer.from("x") });
    await world.emulator.whenIdle();
    for (let attempt = 2; attempt <= 7; attempt += 1) await world.pass(10_000);
    expect(sent("/undying")).toHaveLength(7);
  });

  test("a subscription delivers what it has after its topic is deleted", async () => {
    world.receiver.answer = () => 500;
    const topic = await world.topic("orphan", backoff(10, 10));
    await topic.publishMessage({ data: Buffer.from("x") });
    await world.emulator.whenIdle();
    await topic.delete();
    world.receiver.answer = () => 204;
    await world.pass(10_000);
    expect(sent("/orphan")).toHaveLength(2);
  });
});

describe("ordering keys", () => {
  test("a failing message blocks its key alone, and order goes on when it is through", async () => {
    world.receiver.answer = (request) => (textOf(request) === "a1" ? 500 : 204);
    const topic = await world.topic("in-order", {
      enableMessageOrdering: true,
      ...backoff(10, 600),
    });
    for (const text of ["a1", "b1", "a2", "b2", "a3"]) {
      await topic.publishMessage({ data: Buffer.from(text), orderingKey: text.charAt(0) });
    }
    await world.emulator.whenIdle();
    expect(world.texts("/in-order").filter((text) => text.startsWith("a"))).toEqual(["a1"]);
    expect(world.texts("/in-order").filter((text) => text.startsWith("b"))).toEqual(["b1", "b2"]);
    world.receiver.answer = () => 204;
    await world.pass(10_000);
    expect(world.texts("/in-order").slice(-3)).toEqual(["a1", "a2", "a3"]);
    expect(JSON.parse(sent("/in-order")[0]?.body ?? "").message.orderingKey).toBe("a");
  });

  test("without ordering a failing message holds up nothing", async () => {
    world.receiver.answer = (request) => (textOf(request) === "a1" ? 500 : 204);
    const topic = await world.topic("unordered", backoff(10, 600));
    for (const text of ["a1", "a2"]) {
      await topic.publishMessage({ data: Buffer.from(text), orderingKey: "a" });
    }
    await world.emulator.whenIdle();
    expect(world.texts("/unordered").sort()).toEqual(["a1", "a2"]);
  });
});

describe("limits", () => {
  test.each([
    ["more than 100 attributes", { attributes: manyAttributes(101) }],
    ["an attribute key above 256 bytes", { attributes: { ["k".repeat(257)]: "v" } }],
    ["an attribute value above 1024 bytes", { attributes: { key: "é".repeat(513) } }],
    ["an attribute key that begins with goog", { attributes: { goog1: "v" } }],
    ["an ordering key above 1024 bytes", { orderingKey: "k".repeat(1025) }],
    ["more than 10 MB", { data: Buffer.alloc(10_000_001) }],
  ])("a message with %s is refused", async (_, message) => {
    const [topic] = await world.pubsub.topic("limited").get({ autoCreate: true });
    topic.setPublishOptions({ batching: { maxMessages: 1 }, messageOrdering: true });
    const publishing = topic.publishMessage({ data: Buffer.from("x"), ...message });
    await expect(publishing).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
    expect(world.emulator.published("limited")).toEqual([]);
  });

  test("a message at the limits is delivered whole", async () => {
    const topic = await world.topic("at-the-limits");
    const attributes = { ...manyAttributes(99), ["k".repeat(256)]: "v".repeat(1024) };
    await topic.publishMessage({ data: Buffer.alloc(9_900_000, "x"), attributes });
    await world.emulator.whenIdle();
    const { message } = JSON.parse(sent("/at-the-limits")[0]?.body ?? "");
    expect(message.attributes).toEqual(attributes);
    expect(Buffer.from(message.data, "base64")).toHaveLength(9_900_000);
  });

  test.each([
    ["an ack deadline below 10 s", { ackDeadlineSeconds: 9 }],
    ["a filter above 256 bytes", { filter: `attributes.key = "${"x".repeat(256)}"` }],
    ["a retention below 10 minutes", { messageRetentionDuration: { seconds: 599 } }],
    [
      "fewer than 5 delivery attempts",
      {
        deadLetterPolicy: {
          deadLetterTopic: `projects/${PROJECT_ID}/topics/anywhere`,
          maxDeliveryAttempts: 4,
        },
      },
    ],
  ])("a subscription with %s is refused", async (_, options) => {
    const [topic] = await world.pubsub.topic("limiting").get({ autoCreate: true });
    await expect(topic.createSubscription("limiting", options)).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
    });
  });
});

function manyAttributes(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, "v"]));
}
