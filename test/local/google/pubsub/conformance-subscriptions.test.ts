import { randomUUID } from "node:crypto";
import { status } from "@grpc/grpc-js";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { provision } from "../../../../local/google/pubsub/provision.ts";
import { type PubSubUnderTest, startPubSubUnderTest, textOf } from "./under-test.ts";

let underTest: PubSubUnderTest;
let host: PubSubUnderTest["host"];
let projectId: PubSubUnderTest["projectId"];
let pubsub: PubSubUnderTest["pubsub"];
let pushedTopic: PubSubUnderTest["pushedTopic"];
let receiver: PubSubUnderTest["receiver"];

beforeAll(async () => {
  underTest = await startPubSubUnderTest();
  ({ host, projectId, pubsub, pushedTopic, receiver } = underTest);
});

beforeEach(() => {
  receiver.answer = () => 204;
});

afterAll(() => underTest.stop());

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

describe("delivering again", () => {
  test("a push that was refused comes again as it was", async () => {
    const topic = await pushedTopic("again");
    const answers = [500, 204];
    receiver.answer = ({ path }) => (path === "/again" ? (answers.shift() ?? 204) : 204);
    await topic.publishMessage({ data: Buffer.from("x") });
    const [first, second] = await receiver.received(2, "/again");
    expect(JSON.parse(second?.body ?? "")).toEqual(JSON.parse(first?.body ?? ""));
  });

  test("a message that fails blocks its ordering key, and no other", async () => {
    const [topic] = await pubsub.createTopic("blocking");
    await topic.createSubscription("blocking-push", {
      pushEndpoint: `${receiver.url}/blocking`,
      enableMessageOrdering: true,
    });
    topic.setPublishOptions({ batching: { maxMessages: 1 }, messageOrdering: true });
    let failuresLeft = 2;
    receiver.answer = (request) => (textOf(request) === "a1" && failuresLeft-- > 0 ? 500 : 204);
    for (const text of ["a1", "a2", "b1"]) {
      await topic.publishMessage({ data: Buffer.from(text), orderingKey: text.charAt(0) });
    }
    const texts = (await receiver.received(5, "/blocking")).map(textOf);
    expect(texts.filter((text) => text.startsWith("a"))).toEqual(["a1", "a1", "a1", "a2"]);
    expect(texts.indexOf("b1")).toBeLessThan(texts.lastIndexOf("a1"));
  });

  test("after its last attempt a message goes to the dead-letter topic and says where from", async () => {
    await pushedTopic("dead");
    const [topic] = await pubsub.createTopic("doomed");
    await topic.createSubscription("doomed-push", {
      pushEndpoint: `${receiver.url}/doomed`,
      deadLetterPolicy: {
        deadLetterTopic: `projects/${projectId}/topics/dead`,
        maxDeliveryAttempts: 5,
      },
    });
    receiver.answer = ({ path }) => (path === "/doomed" ? 500 : 204);
    await topic.publishMessage({ data: Buffer.from("lost"), attributes: { type: "paid" } });
    const [dead] = await receiver.received(1, "/dead");
    const [original] = await receiver.received(5, "/doomed");
    const { publishTime } = JSON.parse(original?.body ?? "").message;
    expect(JSON.parse(dead?.body ?? "").message).toMatchObject({
      data: Buffer.from("lost").toString("base64"),
      attributes: {
        type: "paid",
        CloudPubSubDeadLetterSourceDeliveryCount: "5",
        CloudPubSubDeadLetterSourceSubscription: "doomed-push",
        CloudPubSubDeadLetterSourceSubscriptionProject: projectId,
        CloudPubSubDeadLetterSourceTopicPublishTime: publishTime,
      },
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
