import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { community, seeder, startTestCloud, type TestCloud } from "../support/cloud.ts";
import { answerOf, goLive } from "../support/go-live.ts";

let cloud: TestCloud;
let seed: ReturnType<typeof seeder>;

beforeAll(async () => {
  cloud = await startTestCloud();
  seed = seeder(cloud);
});
afterAll(() => cloud.stop());
afterEach(() => cloud.faults.clear());

const MINUTE_MS = 60_000;

describe("a Pub/Sub that takes nothing", () => {
  test.each([
    ["does not answer", { kind: "delay" as const, ms: MINUTE_MS }],
    ["is unavailable", { kind: "fail" as const, code: 14 }],
    ["refuses", { kind: "fail" as const, code: 7 }],
    ["breaks the connection", { kind: "drop" as const }],
  ])("and %s is told to the user within Discord's three seconds", async (_what, fault) => {
    cloud.faults.add({ target: "pubsub", operation: /^Publish$/, fault });
    const builder = await seed.builder();
    const { interactionId } = await goLive(cloud, builder.id, { context: "chat" });
    const interaction = cloud.discord.interaction(interactionId);
    expect(interaction).toMatchObject({ state: "answered", response: { type: 4 } });
    expect(interaction?.original?.content).toContain("try again if nothing has happened");
  });

  test("makes Twitch send its message again, and nothing is lost", async () => {
    const builder = await seed.builder({ isLive: false });
    cloud.faults.add({
      target: "pubsub",
      operation: /^Publish$/,
      fault: { kind: "fail", code: 7 },
      times: 1,
    });
    const body = JSON.stringify({
      subscription: { type: "stream.offline" },
      event: {
        broadcaster_user_id: builder.twitchId,
        broadcaster_user_login: builder.login,
        broadcaster_user_name: builder.login,
      },
    });
    const message = {
      secret: cloud.settings.TWITCH_EVENTSUB_SECRET ?? "",
      type: "stream.offline",
      body,
      messageId: "offline-1",
    };
    const send = async () => (await cloud.twitch.send(cloud.url("twitch-webhook"), message)).result;
    expect(await send()).toBe(503);
    expect(await send()).toBe(204);
    await cloud.settle();
    const stored = await cloud.firestore.doc(`builders/${builder.id}`).get();
    expect(stored.data()).toMatchObject({ is_live: false });
  });
});

describe("deliveries that come late", () => {
  test("after the token's 15 minutes the report reaches the builder as one DM", async () => {
    const builder = await seed.builder();
    const order = await seed.order(builder.id);
    cloud.faults.add({
      target: "pubsub",
      operation: /^deliver order-verification$/,
      fault: { kind: "delay", ms: 16 * MINUTE_MS },
      times: 1,
    });
    const options = { context: "order", orders: order.id };
    const { interactionId } = await goLive(cloud, builder.id, options);
    expect(answerOf(cloud, interactionId).report).toBe("");
    await cloud.eventually(() => cloud.discord.dms(builder.id).length > 0);
    const [dm, ...more] = cloud.discord.dms(builder.id);
    expect(more).toEqual([]);
    expect(dm?.embeds[0]?.description).toContain(`\`${order.id}\` ✅`);
  });

  test("a message that no delivery helps is given up after ten tries and kept for the operators", async () => {
    const builder = await seed.builder();
    const order = await seed.order(builder.id);
    const operation = /^deliver order-verification$/;
    const late = { kind: "delay", ms: 16 * MINUTE_MS } as const;
    cloud.faults.add({ target: "pubsub", operation, fault: late, times: 1 });
    const dm = { target: "discord", operation: /^POST \/users\/@me\/channels$/ } as const;
    cloud.faults.add({ ...dm, fault: { kind: "fail", code: 500 } });
    await goLive(cloud, builder.id, { context: "order", orders: order.id });
    const letters = () => cloud.firestore.collection("dead_letters").get();
    await cloud.eventually(async () => (await letters()).size > 0);
    const [letter, ...more] = (await letters()).docs;
    expect(more).toEqual([]);
    expect(letter?.data()).toMatchObject({
      function_name: "order-verification",
      reason: expect.stringMatching(/after \d+ attempts/),
      body: expect.stringContaining(order.id),
    });
    expect(cloud.discord.messages(community.operatorsChannelId)).toHaveLength(1);
  });
});
