import { randomUUID } from "node:crypto";
import type { PubSub } from "@google-cloud/pubsub";
import { status } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { LocalClock } from "../../../local/kit/clock.ts";
import { FaultPlan } from "../../../local/kit/faults.ts";
import { startPubSub } from "../../../local/pubsub/index.ts";
import { provision } from "../../../local/pubsub/provision.ts";
import { googlePubSubHost } from "../../support/environment.ts";
import { pubSubClient } from "../../support/pubsub-client.ts";
import { type Receiver, startReceiver } from "../../support/receiver.ts";

const projectId = `conformance-${randomUUID().slice(0, 8)}`;
const clock = new LocalClock();
let host: string;
let stop: () => Promise<void>;
let pubsub: PubSub;
let receiver: Receiver;

beforeAll(async () => {
  if (googlePubSubHost) {
    host = googlePubSubHost;
    stop = async () => {};
  } else {
    ({ host, stop } = await startPubSub({ clock, faults: new FaultPlan() }));
  }
  pubsub = pubSubClient(host, projectId);
  receiver = await startReceiver();
});

afterAll(async () => {
  await pubsub.close();
  await stop();
  await receiver.stop();
  clock.stop();
});

/** A topic, and a subscription that pushes to the receiver under the topic's name. */
async function pushedTopic(id: string) {
  const [topic] = await pubsub.createTopic(id);
  await topic.createSubscription(`${id}-push`, { pushEndpoint: `${receiver.url}/${id}` });
  topic.setPublishOptions({ batching: { maxMessages: 1 } });
  return topic;
}

describe("publishing", () => {
  test("a message is pushed in the wrapped envelope, with both spellings of its fields", async () => {
    const topic = await pushedTopic("enveloped");
    const messageId = await topic.publishMessage({
      data: Buffer.from("a blue keyboard ⌨"),
      attributes: { type: "order.paid", empty: "" },
    });
    const [request] = await receiver.received(1, "/enveloped");
    expect(request?.method).toBe("POST");
    expect(request?.headers["content-type"]).toBe("application/json");
    const { message, subscription } = JSON.parse(request?.body ?? "");
    expect(subscription).toBe(`projects/${projectId}/subscriptions/enveloped-push`);
    expect(message).toEqual({
      data: Buffer.from("a blue keyboard ⌨").toString("base64"),
      attributes: { type: "order.paid", empty: "" },
      messageId,
      message_id: messageId,
      publishTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
      publish_time: message.publishTime,
    });
  });

  test("a message may be attributes alone", async () => {
    const topic = await pushedTopic("attributes-alone");
    await topic.publishMessage({ attributes: { only: "this" } });
    const [request] = await receiver.received(1, "/attributes-alone");
    expect(JSON.parse(request?.body ?? "").message).toMatchObject({
      data: "",
      attributes: { only: "this" },
    });
  });

  test("each message has its own id, a number in digits", async () => {
    const topic = await pushedTopic("numbered");
    const ids = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        topic.publishMessage({ data: Buffer.from(`${index}`) }),
      ),
    );
    expect(new Set(ids).size).toBe(20);
    for (const id of ids) expect(id).toMatch(/^\d+$/);
  });

  test("a batch arrives message by message", async () => {
    const topic = await pushedTopic("batched");
    topic.setPublishOptions({ batching: { maxMessages: 10, maxMilliseconds: 1000 } });
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        topic.publishMessage({ data: Buffer.from(`${index}`) }),
      ),
    );
    const requests = await receiver.received(10, "/batched");
    const data = requests.map(({ body }) => Buffer.from(JSON.parse(body).message.data, "base64"));
    expect(data.map(String).sort()).toEqual([..."0123456789"]);
  });

  test("every subscription of a topic gets the message, those of other topics do not", async () => {
    const topic = await pushedTopic("spread");
    await topic.createSubscription("spread-second", { pushEndpoint: `${receiver.url}/second` });
    await pushedTopic("untouched");
    await topic.publishMessage({ data: Buffer.from("x") });
    await receiver.received(1, "/spread");
    await receiver.received(1, "/second");
    expect(receiver.requests.filter(({ path }) => path === "/untouched")).toEqual([]);
  });

  test("a subscription gets nothing that was published before it was made", async () => {
    const [topic] = await pubsub.createTopic("early");
    await topic.publishMessage({ data: Buffer.from("before") });
    await topic.createSubscription("early-push", { pushEndpoint: `${receiver.url}/early` });
    await topic.publishMessage({ data: Buffer.from("after") });
    const [request] = await receiver.received(1, "/early");
    expect(JSON.parse(request?.body ?? "").message.data).toBe(
      Buffer.from("after").toString("base64"),
    );
  });

  test("messages of one ordering key arrive in the order they were published in", async () => {
    const [topic] = await pubsub.createTopic("ordered");
    await topic.createSubscription("ordered-push", {
      pushEndpoint: `${receiver.url}/ordered`,
      enableMessageOrdering: true,
    });
    topic.setPublishOptions({ messageOrdering: true });
    const published = Array.from({ length: 20 }, (_, index) => `step ${index}`);
    await Promise.all(
      published.map((text) =>
        topic.publishMessage({ data: Buffer.from(text), orderingKey: "one" }),
      ),
    );
    const requests = await receiver.received(20, "/ordered");
    const arrived = requests.map(({ body }) =>
      Buffer.from(JSON.parse(body).message.data, "base64"),
    );
    expect(arrived.map(String)).toEqual(published);
  });

  test("a message with neither data nor attributes is refused", async () => {
    const topic = await pushedTopic("empty");
    await expect(topic.publishMessage({ data: Buffer.alloc(0) })).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
    });
  });

  test("a topic that does not exist takes nothing", async () => {
    const publishing = pubsub.topic("missing").publishMessage({ data: Buffer.from("x") });
    await expect(publishing).rejects.toMatchObject({ code: status.NOT_FOUND });
  });
});

describe("topics", () => {
  test("a topic is made once", async () => {
    await pubsub.createTopic("made-once");
    await expect(pubsub.createTopic("made-once")).rejects.toMatchObject({
      code: status.ALREADY_EXISTS,
    });
  });

  test.each(["goog-reserved", "1-digit-first", "ab", "blank in it", "x".repeat(256)])(
    "the topic id %j is refused",
    async (id) => {
      await expect(pubsub.createTopic(id)).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
    },
  );

  test("a deleted topic is gone, its subscription stays", async () => {
    const topic = await pushedTopic("deleted");
    await topic.delete();
    await expect(topic.getMetadata()).rejects.toMatchObject({ code: status.NOT_FOUND });
    await expect(topic.delete()).rejects.toMatchObject({ code: status.NOT_FOUND });
    const [metadata] = await pubsub.subscription("deleted-push").getMetadata();
    expect(metadata.topic).toBe("_deleted-topic_");
  });

  test("topics and the subscriptions of a topic are listed", async () => {
    const topic = await pushedTopic("listed");
    const [topics] = await pubsub.getTopics();
    expect(topics.map(({ name }) => name)).toContain(`projects/${projectId}/topics/listed`);
    const [subscriptions] = await topic.getSubscriptions();
    expect(subscriptions.map(({ name }) => name)).toEqual([
      `projects/${projectId}/subscriptions/listed-push`,
    ]);
  });
});

describe("subscriptions", () => {
  test("a subscription is made once, and not to a topic that does not exist", async () => {
    const topic = await pushedTopic("subscribed");
    await expect(topic.createSubscription("subscribed-push")).rejects.toMatchObject({
      code: status.ALREADY_EXISTS,
    });
    await expect(pubsub.topic("missing").createSubscription("lonely")).rejects.toMatchObject({
      code: status.NOT_FOUND,
    });
  });

  test.each([
    ["an ack deadline above 600 s", { ackDeadlineSeconds: 601 }],
    ["an endpoint that is no URL", { pushEndpoint: "nonsense" }],
    ["a back-off above 600 s", { retryPolicy: { minimumBackoff: { seconds: 601 } } }],
    [
      "a minimum back-off above the maximum",
      { retryPolicy: { minimumBackoff: { seconds: 20 }, maximumBackoff: { seconds: 10 } } },
    ],
  ])("%s is refused", async (_, options) => {
    const [topic] = await pubsub.topic("refusing").get({ autoCreate: true });
    await expect(
      topic.createSubscription(`refused-${randomUUID()}`, options),
    ).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
    });
  });

  test("what a subscription does not say has Pub/Sub's defaults", async () => {
    await pushedTopic("defaults");
    const [metadata] = await pubsub.subscription("defaults-push").getMetadata();
    expect(metadata).toMatchObject({
      name: `projects/${projectId}/subscriptions/defaults-push`,
      topic: `projects/${projectId}/topics/defaults`,
      ackDeadlineSeconds: 10,
      messageRetentionDuration: { seconds: "604800" },
      enableMessageOrdering: false,
      deadLetterPolicy: null,
      retryPolicy: null,
    });
  });

  test("pushes go to a changed endpoint", async () => {
    const topic = await pushedTopic("moved");
    await pubsub
      .subscription("moved-push")
      .modifyPushConfig({ pushEndpoint: `${receiver.url}/moved-here` });
    await topic.publishMessage({ data: Buffer.from("x") });
    await receiver.received(1, "/moved-here");
    expect(receiver.requests.filter(({ path }) => path === "/moved")).toEqual([]);
  });

  test("a deleted subscription gets nothing more", async () => {
    const topic = await pushedTopic("unsubscribed");
    await topic.createSubscription("remaining", { pushEndpoint: `${receiver.url}/remaining` });
    await pubsub.subscription("unsubscribed-push").delete();
    await topic.publishMessage({ data: Buffer.from("x") });
    await receiver.received(1, "/remaining");
    expect(receiver.requests.filter(({ path }) => path === "/unsubscribed")).toEqual([]);
    await expect(pubsub.subscription("unsubscribed-push").delete()).rejects.toMatchObject({
      code: status.NOT_FOUND,
    });
  });
});

test("a plan is provisioned as it says, and a second time without harm", async () => {
  const plan = {
    topics: ["plan-orders", "plan-dead"],
    subscriptions: [
      {
        id: "plan-worker",
        topic: "plan-orders",
        pushEndpoint: `${receiver.url}/plan`,
        filter: 'attributes.type = "paid"',
        ordering: true,
        ackDeadlineSeconds: 30,
        minimumBackoffSeconds: 2,
        maximumBackoffSeconds: 60,
        deadLetter: { topic: "plan-dead", maxDeliveryAttempts: 7 },
      },
    ],
  };
  await provision(host, projectId, plan);
  await provision(host, projectId, plan);
  const [metadata] = await pubsub.subscription("plan-worker").getMetadata();
  expect(metadata).toMatchObject({
    topic: `projects/${projectId}/topics/plan-orders`,
    pushConfig: { pushEndpoint: `${receiver.url}/plan` },
    filter: 'attributes.type = "paid"',
    enableMessageOrdering: true,
    ackDeadlineSeconds: 30,
    retryPolicy: { minimumBackoff: { seconds: "2" }, maximumBackoff: { seconds: "60" } },
    deadLetterPolicy: {
      deadLetterTopic: `projects/${projectId}/topics/plan-dead`,
      maxDeliveryAttempts: 7,
    },
  });
  await pubsub
    .topic("plan-orders")
    .publishMessage({ data: Buffer.from("x"), attributes: { type: "paid" } });
  expect(await receiver.received(1, "/plan")).toHaveLength(1);
});
