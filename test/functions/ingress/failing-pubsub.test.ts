import { afterEach, describe, expect, test } from "@jest/globals";
import { community, seeder, useCloud } from "../../support/cloud.ts";
import { goLive } from "../../support/going-live/go-live.ts";

const cloud = await useCloud();
const seed = seeder(cloud);
afterEach(() => cloud.faults.clear());

const MINUTE_MS = 60_000;

describe("a Pub/Sub that accepts nothing", () => {
  test.each([
    ["does not answer", { kind: "delay" as const, ms: MINUTE_MS }],
    ["is unavailable", { kind: "fail" as const, code: 14 }],
    ["refuses", { kind: "fail" as const, code: 7 }],
    ["breaks the connection", { kind: "drop" as const }],
  ])("and %s is reported to the user within Discord's three seconds", async (_what, fault) => {
    cloud.faults.add({ target: "pubsub", operation: /^Publish$/, fault });
    const builder = await seed.builder();
    const { interactionId } = await goLive(cloud, builder.id, { context: "chat" });
    const interaction = cloud.discord.interaction(interactionId);
    expect(interaction).toMatchObject({ state: "answered", response: { type: 4 } });
    expect(interaction?.original?.content).toContain("if nothing has happened, try again");
  });
});

describe("deliveries that fail", () => {
  test("a message is given up after its last delivery attempt and stored for the operators", async () => {
    const builder = await seed.builder();
    const order = await seed.order(builder.id);
    const operation = /^deliver order-verification$/;
    const late = { kind: "delay", ms: 16 * MINUTE_MS } as const;
    cloud.faults.add({ target: "pubsub", operation, fault: late, times: 1 });
    const dm = { target: "discord", operation: /^POST \/users\/@me\/channels$/ } as const;
    cloud.faults.add({ ...dm, fault: { kind: "fail", code: 500 } });
    await goLive(cloud, builder.id, { context: "order", orders: order.id });
    await cloud.clock.advance(30 * MINUTE_MS);
    const deadLetters = () => cloud.firestore.collection("dead_letters").get();
    await cloud.eventually(async () => (await deadLetters()).size > 0);
    const [deadLetter, ...more] = (await deadLetters()).docs;
    expect(more).toEqual([]);
    expect(deadLetter?.data()).toMatchObject({
      function_name: "order-verification",
      reason: expect.stringMatching(/after \d+ attempts/),
      body: expect.stringContaining(order.id),
    });
    expect(cloud.discord.messages(community.operatorsChannelId)).toHaveLength(1);
  });
});
