import { describe, expect, test } from "@jest/globals";
import { seeder, useCloud } from "../../support/cloud.ts";
import { answerOf, goLive, repeatGoLive } from "../../support/going-live/go-live.ts";

const cloud = await useCloud();
const seed = seeder(cloud);

const FORMS = "`chat`, `drop`, `order:ID`, `orders:ID,ID`";

async function goLives(builderId: string): Promise<number> {
  const found = cloud.firestore.collection("go_lives").where("builder_id", "==", builderId);
  return (await found.count().get()).data().count;
}

describe("who may go live", () => {
  test("someone who is not a builder learns how to register", async () => {
    const userId = "300000000000000001";
    cloud.discord.addUser({ id: userId });
    const { answer } = await goLive(cloud, userId, { context: "chat" });
    expect(answer).toContain("That's for C500 builders");
    expect(answer).toContain("/c500 register");
  });

  test("a builder without a Twitch name is asked to add it", async () => {
    const builder = await seed.builder();
    await cloud.firestore.doc(`builders/${builder.id}`).set({ standing: "approved" });
    const { answer } = await goLive(cloud, builder.id, { context: "chat" });
    expect(answer).toContain("no valid Twitch name");
  });

  test("a builder with an impossible Twitch name is asked to fix it, and sees no error about Twitch", async () => {
    const builder = await seed.builder();
    await cloud.firestore.doc(`builders/${builder.id}`).update({ twitch_username: "not a name!" });
    const { answer } = await goLive(cloud, builder.id, { context: "chat" });
    expect(answer).toContain("no valid Twitch name");
  });

  test("a builder who is not live is refused, and nothing changes", async () => {
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

  test("a rerun does not count as live", async () => {
    const builder = await seed.builder({ isLive: false });
    cloud.twitch.goLive(builder.login, { type: "rerun" });
    const { answer } = await goLive(cloud, builder.id, { context: "chat" });
    expect(answer).toContain("You are not currently live on Twitch.");
  });
});

describe("the context option", () => {
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
  ])("%p is refused with what is wrong, and stores nothing", async (options, words) => {
    const builder = await seed.builder();
    const { answer } = await goLive(cloud, builder.id, options);
    expect(answer).toContain(words);
    expect(await goLives(builder.id)).toBe(0);
  });

  test("the context is also accepted in its stored form", async () => {
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

  test("a short outage of Twitch is retried", async () => {
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

  test("during a longer outage of Twitch the builder is not called offline, and nothing changes", async () => {
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

  test("the app token is fetched once, again after a 401, and again before it expires", async () => {
    const builder = await seed.builder();
    // Each stream is announced only once.
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
    // The sweeper ran meanwhile; it has a token of its own.
    const afterwards = tokenCalls().length;
    expect((await live()).answer).toContain("You're live!");
    expect(tokenCalls()).toHaveLength(afterwards + 1);
  });
});

describe("deliveries", () => {
  test("two concurrent deliveries of an interaction have one effect", async () => {
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

  test("a command redelivered after the stream's end still counts, and takes effect once", async () => {
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

  test("a refused command is refused with the same answer when redelivered, even if a stream has started", async () => {
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
