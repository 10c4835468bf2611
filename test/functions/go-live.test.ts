import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { seeder, startTestCloud, type TestCloud } from "../support/cloud.ts";
import { answerOf, goLive, repeatGoLive } from "../support/go-live.ts";

let cloud: TestCloud;
let seed: ReturnType<typeof seeder>;

beforeAll(async () => {
  cloud = await startTestCloud();
  seed = seeder(cloud);
});
afterAll(() => cloud.stop());

const FORMS = "`chat`, `drop`, `order:ID`, `orders:ID,ID`";

async function goLives(builderId: string): Promise<number> {
  const found = cloud.firestore.collection("go_lives").where("builder_id", "==", builderId);
  return (await found.count().get()).data().count;
}

describe("who may go live", () => {
  test("someone who is no builder is told how to register", async () => {
    const userId = "300000000000000001";
    cloud.discord.addUser({ id: userId });
    const { answer } = await goLive(cloud, userId, { context: "chat" });
    expect(answer).toContain("That's for C500 builders");
    expect(answer).toContain("/c500 register");
  });

  test("a builder without a Twitch name is told to add it", async () => {
    const builder = await seed.builder();
    await cloud.firestore.doc(`builders/${builder.id}`).set({ standing: "approved" });
    const { answer } = await goLive(cloud, builder.id, { context: "chat" });
    expect(answer).toContain("no valid Twitch name");
  });

  test("a builder whose Twitch name can be no one's is told to fix it, not that Twitch is down", async () => {
    const builder = await seed.builder();
    await cloud.firestore.doc(`builders/${builder.id}`).update({ twitch_username: "not a name!" });
    const { answer } = await goLive(cloud, builder.id, { context: "chat" });
    expect(answer).toContain("no valid Twitch name");
  });

  test("a builder who is not live is told so and nothing changes", async () => {
    const builder = await seed.builder({ isLive: false });
    const order = await seed.order(builder.id);
    const { answer } = await goLive(cloud, builder.id, { context: "order", orders: order.id });
    expect(answer).toContain("You are not currently live on Twitch.");
    const stored = (await cloud.firestore.doc(`orders/${order.id}`).get()).data();
    expect(stored).toMatchObject({ fulfillment_status: "paid" });
    expect(stored).not.toHaveProperty("twitch_vod_link");
    expect(cloud.discord.dms(order.buyerId)).toEqual([]);
    expect(await goLives(builder.id)).toBe(0);
  });

  test("a rerun is not live", async () => {
    const builder = await seed.builder({ isLive: false });
    cloud.twitch.goLive(builder.login, { type: "rerun" });
    const { answer } = await goLive(cloud, builder.id, { context: "chat" });
    expect(answer).toContain("You are not currently live on Twitch.");
  });
});

describe("what may be said of the context", () => {
  const many = Array.from({ length: 26 }, (_, index) => `id${index}`).join();
  test.each([
    [{ context: "party" }, FORMS],
    [{ context: "order" }, "You gave no id"],
    [{ context: "order:" }, "You gave no id"],
    [{ context: "orders", orders: " , ," }, "`/c500 live context:orders orders:ID,ID`"],
    [{ context: "order", orders: "a,b" }, "`order` takes one id, and you gave 2. Pick `orders`"],
    [{ context: "orders", orders: many }, "That's 26 orders, and I can take 25 at once"],
    [{ context: "order", orders: "../builders/1" }, "\"../builders/1\" can't be an order's id"],
    [{ context: "order", orders: "cs_test\u0000_1" }, "can't be an order's id"],
    [{ context: "orders", orders: "ok, a b, c d" }, 'can\'t be orders\' ids: "a b", "c d".'],
    [{ context: "orders", orders: "cs_test_1\u202e" }, "can't be an order's id"],
  ])("%p is refused by what is wrong with it and stores nothing", async (options, words) => {
    const builder = await seed.builder();
    const { answer } = await goLive(cloud, builder.id, options);
    expect(answer).toContain(words);
    expect(await goLives(builder.id)).toBe(0);
  });

  test("the wire form itself may be given as the context", async () => {
    const builder = await seed.builder();
    const order = await seed.order(builder.id);
    const { report } = await goLive(cloud, builder.id, { context: `order: ${order.id} ` });
    expect(report).toContain(`\`${order.id}\` ✅`);
  });
});

describe("Twitch's moods", () => {
  const tokenCalls = () =>
    cloud.twitch
      .events()
      .filter((event) => event.kind === "request" && event.path === "/oauth2/token");

  test("Twitch down for a moment is waited out", async () => {
    const builder = await seed.builder();
    cloud.faults.add({
      target: "twitch",
      operation: /GET \/helix\/streams/,
      fault: { kind: "fail", code: 503 },
      times: 2,
    });
    const { answer } = await goLive(cloud, builder.id, { context: "chat" });
    expect(answer).toContain("You're live!");
  });

  test("Twitch down for longer is not called offline, and nothing changes", async () => {
    const builder = await seed.builder();
    cloud.faults.add({
      target: "twitch",
      operation: /GET \/helix\/streams/,
      fault: { kind: "drop" },
      times: 3,
    });
    const { answer } = await goLive(cloud, builder.id, { context: "chat" });
    expect(answer).toContain("Twitch isn't answering right now");
    expect(answer).not.toContain("not currently live");
    expect(await goLives(builder.id)).toBe(0);
  });

  test("the app token is fetched once, again after a 401, and again before it ends", async () => {
    const builder = await seed.builder();
    // Each stream is announced once.
    const live = () => {
      cloud.twitch.endStream(builder.login);
      cloud.twitch.goLive(builder.login);
      return goLive(cloud, builder.id, { context: "chat" });
    };
    await live();
    const before = tokenCalls().length;
    await live();
    expect(tokenCalls()).toHaveLength(before);

    cloud.twitch.invalidateTokens();
    expect((await live()).answer).toContain("You're live!");
    expect(tokenCalls()).toHaveLength(before + 1);

    const sixtyDaysMs = 60 * 24 * 3_600_000;
    await cloud.pass(sixtyDaysMs);
    // The sweeper, which came meanwhile, has a token of its own.
    const afterwards = tokenCalls().length;
    expect((await live()).answer).toContain("You're live!");
    expect(tokenCalls()).toHaveLength(afterwards + 1);
  });
});

describe("deliveries", () => {
  test("the same interaction twice at once has one effect", async () => {
    const builder = await seed.builder();
    const order = await seed.order(builder.id);
    cloud.faults.add({
      target: "discord",
      operation: /^deliver/,
      fault: { kind: "duplicate", copies: 5 },
      times: 1,
    });
    const { report } = await goLive(cloud, builder.id, { context: "order", orders: order.id });
    expect(report).toContain(`\`${order.id}\` ✅`);
    expect(cloud.discord.dms(order.buyerId)).toHaveLength(1);
    expect(await goLives(builder.id)).toBe(1);
  });

  test("a command that comes again after the stream's end still counts, and is done once", async () => {
    const builder = await seed.builder();
    const order = await seed.order(builder.id);
    const options = { context: "order", orders: order.id };
    const { interactionId } = await goLive(cloud, builder.id, options);
    cloud.twitch.endStream(builder.login);
    expect(await repeatGoLive(cloud, interactionId, options)).toBe(200);
    expect(answerOf(cloud, interactionId).report).toContain(`\`${order.id}\` ✅`);
    expect(cloud.discord.dms(order.buyerId)).toHaveLength(1);
    expect(await goLives(builder.id)).toBe(1);
  });

  test("a command that was refused and comes again is refused with the same, also once there is a stream", async () => {
    const builder = await seed.builder({ isLive: false });
    const order = await seed.order(builder.id);
    const options = { context: "order", orders: order.id };
    const { interactionId, answer } = await goLive(cloud, builder.id, options);
    expect(answer).toContain("You are not currently live on Twitch.");
    cloud.twitch.goLive(builder.login);
    expect(await repeatGoLive(cloud, interactionId, options)).toBe(200);
    expect(answerOf(cloud, interactionId).answer).toBe(answer);
    expect(await goLives(builder.id)).toBe(0);
    expect(cloud.discord.dms(order.buyerId)).toHaveLength(0);
  });
});
