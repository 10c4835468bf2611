import { status } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type PubSubUnderTest, startPubSubUnderTest, textOf } from "./under-test.ts";

let underTest: PubSubUnderTest;
let projectId: PubSubUnderTest["projectId"];
let pubsub: PubSubUnderTest["pubsub"];
let pushedTopic: PubSubUnderTest["pushedTopic"];
let receiver: PubSubUnderTest["receiver"];

beforeAll(async () => {
  underTest = await startPubSubUnderTest();
  ({ projectId, pubsub, pushedTopic, receiver } = underTest);
});

afterAll(() => underTest.stop());

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
    expect(requests.map(textOf).sort()).toEqual([..."0123456789"]);
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
    expect(requests.map(textOf)).toEqual(published);
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
