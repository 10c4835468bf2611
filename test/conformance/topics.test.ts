import { randomUUID } from "node:crypto";
import { status } from "@grpc/grpc-js";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { type PubSubEmulator, startPubSub } from "../../local/google/pubsub/index.ts";
import { LocalClock } from "../../local/kit/clock.ts";
import { exportVariables } from "../../local/kit/environment.ts";
import { FaultPlan } from "../../local/kit/faults.ts";
import { connectTopics } from "../../shared/clients/pubsub.ts";
import type { Topics } from "../../shared/ports/topics.ts";
import { pubSubClient } from "../support/clients/pubsub-client.ts";
import { googlePubSubHost } from "../support/google/emulators.ts";

const DEADLINE_MS = 1_500;
/** For calls that cannot succeed, which take all of it. */
const SHORT_DEADLINE_MS = 200;
const projectId = `topics-${randomUUID().slice(0, 8)}`;
const faults = new FaultPlan();
const clock = new LocalClock();
let emulator: PubSubEmulator;

beforeAll(async () => {
  emulator = await startPubSub({ clock, faults });
});
afterEach(() => faults.clear());
afterAll(async () => {
  await emulator.stop();
  clock.stop();
});

/** How the product reaches Pub/Sub, and the host on which its topics are created. */
interface Adapter {
  readonly name: string;
  open(deadlineMs: number): { readonly host: string; readonly topics: Topics };
}

const client = (host: string, deadlineMs: number) => {
  exportVariables({ PUBSUB_EMULATOR_HOST: host, METADATA_SERVER_DETECTION: "none" });
  return { host, topics: connectTopics({ GOOGLE_CLOUD_PROJECT: projectId }, deadlineMs) };
};
const onOurs: Adapter[] = [
  {
    name: "the direct adapter",
    open: (deadlineMs) => ({
      host: emulator.host,
      topics: emulator.topicsOf(projectId, deadlineMs, () => 0.5),
    }),
  },
  {
    name: "Google's client on our emulator",
    open: (deadlineMs) => client(emulator.host, deadlineMs),
  },
];
const onGoogles: Adapter[] = googlePubSubHost
  ? [
      {
        name: "Google's client on Google's emulator",
        open: (deadlineMs) => client(googlePubSubHost ?? "", deadlineMs),
      },
    ]
  : [];

const message = (text: string, attributes: Record<string, string> = { type: "a" }) => ({
  data: Buffer.from(text),
  attributes,
});

/** The code with which a call rejects; undefined if it does not. */
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: { code?: unknown }) => error.code,
  );

/** Opens an adapter with a new topic. */
async function open(adapter: Adapter): Promise<{ readonly topics: Topics; readonly id: string }> {
  const { host, topics } = adapter.open(DEADLINE_MS);
  const id = `topic-${randomUUID().slice(0, 8)}`;
  const admin = pubSubClient(host, projectId);
  await admin.createTopic(id);
  await admin.close();
  return { topics, id };
}

describe.each([...onOurs, ...onGoogles])("$name", (adapter) => {
  let topics: Topics;
  let id: string;
  beforeAll(async () => {
    ({ topics, id } = await open(adapter));
  });

  test("publishes, and returns nothing", async () => {
    await expect(topics.publish(id, message("hello"))).resolves.toBeUndefined();
  });

  test("refuses a topic that does not exist", async () => {
    expect(await codeOf(topics.publish("nowhere", message("lost")))).toBe(status.NOT_FOUND);
  });
});

describe.each(onOurs)("$name, under faults", (adapter) => {
  let topics: Topics;
  let id: string;
  beforeAll(async () => {
    ({ topics, id } = await open(adapter));
  });
  const published = (text: string) =>
    emulator.published(id).filter(({ data }) => data.toString() === text);

  test("publishes data and attributes unchanged", async () => {
    await topics.publish(id, message("as they are ⌨", { type: "order.paid", empty: "" }));
    expect(published("as they are ⌨")).toMatchObject([
      { attributes: { type: "order.paid", empty: "" } },
    ]);
  });

  // Google's emulator accepts it.
  test("permanently refuses a message larger than Pub/Sub accepts", async () => {
    const attributes = { long: "x".repeat(1025) };
    const refused = topics.publish(id, message("refused", attributes));
    expect(await codeOf(refused)).toBe(status.INVALID_ARGUMENT);
  });

  test("retries while Pub/Sub is down, and publishes once", async () => {
    const fault = { kind: "fail", code: status.UNAVAILABLE } as const;
    faults.add({ target: "pubsub", operation: /^Publish$/, fault, times: 2 });
    await topics.publish(id, message("after a break"));
    expect(published("after a break")).toHaveLength(1);
  });

  test("publishes twice if the response was lost", async () => {
    const fault = { kind: "lose-answer" } as const;
    faults.add({ target: "pubsub", operation: /^Publish$/, fault, times: 1 });
    await topics.publish(id, message("no answer"));
    expect(published("no answer")).toHaveLength(2);
  });

  test("does not retry a refused message", async () => {
    const fault = { kind: "fail", code: status.PERMISSION_DENIED } as const;
    faults.add({ target: "pubsub", operation: /^Publish$/, fault, times: 1 });
    expect(await codeOf(topics.publish(id, message("denied")))).toBe(status.PERMISSION_DENIED);
    expect(published("denied")).toEqual([]);
  });

  test.each([
    ["stays away", { kind: "fail", code: status.UNAVAILABLE }],
    ["does not answer", { kind: "delay", ms: 3_600_000 }],
  ] as const)("gives up at its deadline if Pub/Sub %s", async (_how, fault) => {
    faults.add({ target: "pubsub", operation: /^Publish$/, fault });
    const { topics: hurried } = adapter.open(SHORT_DEADLINE_MS);
    expect(await codeOf(hurried.publish(id, message("never")))).toBe(status.DEADLINE_EXCEEDED);
  });
});
